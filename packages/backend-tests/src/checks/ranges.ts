import type { AudioData } from '@audiodecode/core'

import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import type { ConformanceSample } from '../conformance-sample.js'
import { ensureClose, sliceFrames } from '../support/compare.js'
import { ensureSame } from '../support/failure.js'
import { seededRandom } from '../support/random.js'
import { readerOf } from '../support/reader.js'

/** Random ranges for each file. */
const RANDOM_RANGES = 40

/** The part of the file that a call asks for, in seconds, and the frames it must give. */
interface Range {
  readonly offset: number
  readonly duration?: number
  readonly from: number
  readonly to: number
}

/** Parts of the file against the whole. */
export const ranges: Check = {
  name: 'ranges',
  title: 'a range is the slice of the whole, sample for sample, wherever it lies',
  applies: hasFrames,
  async run(backend, sample) {
    const reader = readerOf(backend)
    const bytes = sample.bytes()
    const whole = await reader.load(bytes)
    for (const range of rangesOf(sample)) ensurePart(await reader.load(bytes, range), range, whole)
    // Backwards through one open file, so that no range follows from where the last one ended.
    const decoder = await reader.open(bytes)
    try {
      for (const range of [...rangesOf(sample)].reverse()) {
        const { offset, duration } = range
        const asked = duration === undefined ? { offset } : { offset, duration }
        ensurePart(await decoder.decode(asked), range, whole)
      }
    } finally {
      await decoder.close()
    }
  },
}

function ensurePart(
  part: AudioData,
  { from, to, offset, duration }: Range,
  whole: AudioData,
): void {
  const what = `offset ${offset}, duration ${duration ?? 'to the end'} (frames ${from} to ${to})`
  ensureSame(part.frames, to - from, `${what}: the number of frames`)
  ensureSame(part.channels, whole.channels, `${what}: channels`)
  if (to > from) ensureSame(part.startSeconds, from / whole.sampleRate, `${what}: startSeconds`)
  ensureClose(part.data, sliceFrames(whole.data, whole.channels, from, to), 0, what)
}

function rangesOf({ name, frames, sampleRate }: ConformanceSample): readonly Range[] {
  const random = seededRandom(name)
  const range = (from: number, to: number): Range => ({
    offset: from / sampleRate,
    duration: (to - from) / sampleRate,
    from: Math.min(from, frames),
    to: Math.min(to, frames),
  })
  const drawn = Array.from({ length: RANDOM_RANGES }, () => {
    const from = random(frames)
    return range(from, from + 1 + random(Math.min(frames - from, 2000)))
  })
  const back = Math.min(frames, 77)
  return [
    range(0, 1),
    range(0, Math.min(frames, 700)),
    range(frames - 1, frames),
    // Beyond the end: what is there, then nothing.
    range(Math.max(0, frames - 50), frames + 1000),
    range(frames + 10, frames + 20),
    { offset: 0, duration: 0, from: 0, to: 0 },
    { offset: -back / sampleRate, from: frames - back, to: frames },
    {
      offset: -back / sampleRate,
      duration: 1 / sampleRate,
      from: frames - back,
      to: frames - back + 1,
    },
    { offset: -(frames + 500) / sampleRate, from: 0, to: frames },
    ...drawn,
  ]
}
