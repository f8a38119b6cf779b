import { seededRandom } from '../seeded-random.js'
import { quantile } from '../statistics.js'
import { errorRate } from './word-errors.js'
import type { ErrorCount } from './word-errors.js'

/** A difference of word error rates, in points, with the interval that holds 95 % of the resamplings. */
export interface Difference {
  readonly points: number
  readonly low: number
  readonly high: number
}

const RESAMPLINGS = 10_000

/**
 * How many points more `ours` has than `theirs`, by the paired bootstrap: files are drawn with replacement, both sides' counts of a
 * file together (Bisani and Ney, 2004). Both lists are in the same order.
 */
export function pairedBootstrap(
  ours: readonly ErrorCount[],
  theirs: readonly ErrorCount[],
  seed = 5,
): Difference {
  const random = seededRandom(seed)
  const draws = Array.from({ length: RESAMPLINGS }, () => {
    const drawn = ours.map(() => Math.floor(random() * ours.length))
    return errorRate(drawn.map((at) => ours[at]!)) - errorRate(drawn.map((at) => theirs[at]!))
  })
  return {
    points: errorRate(ours) - errorRate(theirs),
    low: quantile(draws, 0.025),
    high: quantile(draws, 0.975),
  }
}
