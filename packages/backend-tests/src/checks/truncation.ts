import type { AudioData } from '@audiodecode/core'

import type { Check } from '../check.js'
import type { ConformanceSample } from '../conformance-sample.js'
import { largestDifference, sliceFrames } from '../support/compare.js'
import { ensure, ensureSame } from '../support/failure.js'
import { resultOrError, within } from '../support/outcome.js'
import { seededRandom } from '../support/random.js'
import { readerOf } from '../support/reader.js'

/** Cuts at places drawn at random, beside a few right behind the beginning. */
const ROUNDS = 24
/** Frames before a cut that may be concealed: more than a packet of any codec here holds. */
const LAST_PACKET = 4608
/** Longest time for one of them, in milliseconds. */
const LONGEST = 10_000

/** Files that end too early. */
export const truncation: Check = {
  name: 'truncation',
  title:
    'a file that is cut gives what lies before the cut and says that it is cut, or a typed error',
  applies: ({ frames }) => frames > 100,
  async run(backend, sample) {
    const { load } = readerOf(backend)
    const bytes = sample.bytes()
    const whole = await load(bytes)
    const random = seededRandom(`${sample.name} cut`)
    const cuts = [1, 4, 12, 43, 100, bytes.length - 1]
    while (cuts.length < ROUNDS) cuts.push(1 + random(bytes.length - 1))
    for (const cut of cuts.filter((length) => length < bytes.length)) {
      const what = `the first ${cut} of ${bytes.length} bytes`
      const work = resultOrError(load(bytes.slice(0, cut)), what)
      const found = await within(LONGEST, what, work)
      if (found instanceof Error) continue
      ensureStart(found, whole, sample, what)
    }
  },
}

function ensureStart(
  found: AudioData,
  whole: AudioData,
  { unmeasured }: ConformanceSample,
  what: string,
): void {
  ensureSame(found.channels, whole.channels, `${what}: channels`)
  ensure(
    found.frames <= whole.frames + LAST_PACKET,
    `${what}: ${found.frames} frames, more than the ${whole.frames} of the whole file`,
  )
  const sure = Math.max(0, Math.min(found.frames, whole.frames) - LAST_PACKET)
  const start = sliceFrames(found.data, found.channels, 0, sure)
  const { largest } = largestDifference(start, sliceFrames(whole.data, whole.channels, 0, sure))
  const told = found.report.truncated || found.report.damaged.length > 0
  // Where nothing says that audio is missing at the front, it is there.
  if (found.report.damaged.length === 0) {
    ensure(largest === 0, `${what}: samples far before the cut differ by ${largest}`)
  }
  const complete =
    found.data.length === whole.data.length &&
    largestDifference(found.data, whole.data).largest === 0
  ensure(told || complete || unmeasured === true, `${what}: audio is missing, and nobody says so`)
}
