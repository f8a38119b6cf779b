import { AudioDecodeError } from '@audiodecode/core'

import type { SkippedItem } from '../loader-options.js'

/** Items after which the share of failed ones says something. */
const LEAST_ITEMS = 20

/** Counts what failed, and says when it is too much. */
export interface ErrorTally {
  readonly skipped: readonly SkippedItem[]
  /**
   * Takes note of a batch.
   *
   * @throws AudioDecodeError, with the code of the first failure, above the rate.
   */
  add(items: number, failed: readonly SkippedItem[]): void
  /** Looks at the whole epoch. Throws as `add` does. */
  end(): void
}

/** A count for one epoch. */
export function createErrorTally(maxErrorRate: number): ErrorTally {
  const skipped: SkippedItem[] = []
  let tried = 0
  const check = (): void => {
    const [first] = skipped
    if (first === undefined || skipped.length <= maxErrorRate * tried) return
    const { code, message, input } = first.error
    throw new AudioDecodeError(
      code,
      `${skipped.length} of ${tried} items could not be loaded, more than maxErrorRate ${maxErrorRate}. The first, item ${first.index}: ${message}`,
      { input, cause: first.error },
    )
  }
  return {
    skipped,
    add(items, failed) {
      tried += items
      skipped.push(...failed)
      if (tried >= LEAST_ITEMS) check()
    },
    end: check,
  }
}
