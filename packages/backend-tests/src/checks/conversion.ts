import { outputLength } from '@audiodecode/core'
import type { AudioData } from '@audiodecode/core'

import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import { ensureClose, meanOfChannels, sliceFrames } from '../support/compare.js'
import { ensureSame } from '../support/failure.js'
import { seededRandom } from '../support/random.js'
import { readerOf } from '../support/reader.js'

/** Largest difference between the mean and mono: mixing may round, and may happen before a codec's filter bank. */
const MONO_BOUND = 2e-6

/** Mono and other rates, whole and in parts. */
export const conversion: Check = {
  name: 'conversion',
  title:
    'mono is the mean of the channels; a range at another rate is the slice of the whole at that rate',
  applies: hasFrames,
  async run(backend, sample) {
    const { load, info } = readerOf(backend)
    const bytes = sample.bytes()
    const native = await load(bytes)
    const mono = await load(bytes, { mono: true })
    ensureSame(mono.channels, 1, 'channels of mono')
    const mean = meanOfChannels(native.data, native.channels)
    ensureClose(mono.data, mean, MONO_BOUND, 'mono against the mean of the channels')
    for (const options of [
      { sampleRate: sample.sampleRate === 16_000 ? 22_050 : 16_000, mono: true },
      { sampleRate: sample.sampleRate * 2, mono: false },
    ]) {
      const whole = await load(bytes, options)
      const about = await info(bytes, { scan: true })
      ensureSame(whole.data.length, outputLength(about, options), 'samples at another rate')
      const at = (frame: number): number =>
        Math.ceil((frame * options.sampleRate) / sample.sampleRate)
      ensureSame(whole.frames, at(sample.frames), `frames at ${options.sampleRate} Hz`)
      const random = seededRandom(`${sample.name} ${options.sampleRate}`)
      for (let round = 0; round < 8; round++) {
        const from = random(sample.frames)
        const to = from + 1 + random(sample.frames - from)
        const offset = from / sample.sampleRate
        const duration = (to - from) / sample.sampleRate
        const part = await load(bytes, { ...options, offset, duration })
        ensureSlice(part, whole, at(from), at(to))
      }
    }
  },
}

function ensureSlice(part: AudioData, whole: AudioData, from: number, to: number): void {
  const what = `frames ${from} to ${to} at ${whole.sampleRate} Hz`
  ensureSame(part.sampleRate, whole.sampleRate, `${what}: sampleRate`)
  ensureSame(part.frames, to - from, `${what}: the number of frames`)
  ensureClose(part.data, sliceFrames(whole.data, whole.channels, from, to), 0, what)
}
