import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import { ensureClose, sliceFrames } from '../support/compare.js'
import { seededRandom } from '../support/random.js'
import { readerOf } from '../support/reader.js'

/** Decodes at the same time. */
const AT_ONCE = 12

/** Calls that overlap. */
export const several: Check = {
  name: 'several',
  title: 'several decodes at once, of one open file and of many, do not disturb each other',
  applies: hasFrames,
  async run(backend, sample) {
    const { load, open } = readerOf(backend)
    const { name, frames, sampleRate } = sample
    const bytes = sample.bytes()
    const whole = await load(bytes)
    const random = seededRandom(`${name} at once`)
    const decoder = await open(bytes)
    try {
      const jobs = Array.from({ length: AT_ONCE }, async (_, job) => {
        const from = random(frames)
        const to = from + 1 + random(frames - from)
        const range = { offset: from / sampleRate, duration: (to - from) / sampleRate }
        const part = await (job % 2 === 0 ? decoder.decode(range) : load(bytes, range))
        const expected = sliceFrames(whole.data, whole.channels, from, to)
        ensureClose(part.data, expected, 0, `frames ${from} to ${to}, beside others`)
      })
      await Promise.all(jobs)
    } finally {
      await decoder.close()
    }
  },
}
