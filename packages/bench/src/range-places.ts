import { seededRandom } from './seeded-random.js'

/** A range of a file, in seconds. */
export interface RangePlace {
  readonly offset: number
  readonly duration: number
}

const LONGEST_SECONDS = 3
const SHORTEST_SECONDS = 0.001

/**
 * Seeded places in a file of `seconds`: lengths from a millisecond to three seconds, short ones as likely as long ones. One in ten
 * starts at the very beginning, one in ten runs past the end.
 */
export function rangePlaces(count: number, seconds: number, seed: number): readonly RangePlace[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const kind = random()
    const duration = SHORTEST_SECONDS * (LONGEST_SECONDS / SHORTEST_SECONDS) ** random()
    const place = random()
    if (kind < 0.1) return { offset: 0, duration }
    if (kind < 0.2) return { offset: seconds - duration * place, duration }
    return { offset: place * (seconds - duration), duration }
  })
}
