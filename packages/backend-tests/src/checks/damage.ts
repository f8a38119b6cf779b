import type { AudioData } from '@audiodecode/core'

import type { Check } from '../check.js'
import { largestDifference } from '../support/compare.js'
import { ensure } from '../support/failure.js'
import { rejection, resultOrError, within } from '../support/outcome.js'
import { seededRandom } from '../support/random.js'
import { readerOf } from '../support/reader.js'

/** Damaged copies of each file. */
const ROUNDS = 40
/** Longest time for one of them, in milliseconds. */
const LONGEST = 10_000

/** Files with wrong bytes in them. */
export const damage: Check = {
  name: 'damage',
  title: 'a damaged file is a typed error or a report that says so, soon, and never a crash',
  applies: ({ frames }) => frames > 100,
  async run(backend, sample) {
    const { load } = readerOf(backend)
    const whole = await load(sample.bytes())
    const random = seededRandom(`${sample.name} damaged`)
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = sample.bytes()
      const done = harm(bytes, round, random)
      const found = await within(LONGEST, done, resultOrError(load(bytes), done))
      if (found instanceof Error) continue
      ensureReport(found, done)
      const told = found.report.truncated || found.report.damaged.length > 0
      if (!told && sample.checksummed === true && round % 2 === 0) {
        ensure(isSame(found, whole), `${done}: other samples, and nobody says so`)
      }
      if (told) {
        const strict = await rejection(load(bytes, { onDamage: 'error' }), `${done}, strictly,`)
        ensure(strict instanceof Error, `${done}: no error with onDamage 'error'`)
      }
    }
  },
}

/** Damages a copy; even rounds change one byte of audio, odd ones anything. Says what was done. */
function harm(bytes: Uint8Array, round: number, random: (below: number) => number): string {
  if (round % 2 === 0) {
    const at = Math.floor(bytes.length / 2) + random(Math.floor(bytes.length / 2))
    const value = (bytes[at] as number) ^ (1 << random(8))
    bytes[at] = value
    return `byte ${at} changed to ${value}`
  }
  const at = round % 4 === 1 ? random(Math.min(bytes.length, 200)) : random(bytes.length)
  const length = 1 + random(round % 8 === 1 ? 4 : 300)
  const fill = [0, 255, null][random(3)] ?? null
  for (let i = at; i < Math.min(at + length, bytes.length); i++) bytes[i] = fill ?? random(256)
  return `bytes ${at} to ${at + length} overwritten with ${fill ?? 'noise'}`
}

function ensureReport({ frames, report }: AudioData, done: string): void {
  let last = 0
  for (const { startFrame, endFrame, reason } of report.damaged) {
    const isInside = startFrame >= last && endFrame > startFrame && endFrame <= frames
    ensure(isInside, `${done}: damage at frames ${startFrame} to ${endFrame} of ${frames}`)
    ensure(reason !== '', `${done}: damage without a reason`)
    last = startFrame
  }
}

function isSame(found: AudioData, whole: AudioData): boolean {
  const { data, channels, sampleRate } = found
  if (data.length !== whole.data.length || channels !== whole.channels) return false
  return sampleRate === whole.sampleRate && largestDifference(data, whole.data).largest === 0
}
