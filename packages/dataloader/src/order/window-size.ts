/** Items among which those of similar duration are put together. */
const WINDOW = 2_048

/** Batches of a window, at least: with fewer there would be nothing to choose from. */
const LEAST_BATCHES = 16

/**
 * Items of a window for bucketing: some thousand, and a multiple of the batch size, so that only the last window can have a batch that
 * is not full.
 */
export function windowOf(batchSize: number | undefined): number {
  if (batchSize === undefined) return WINDOW
  return batchSize * Math.max(LEAST_BATCHES, Math.ceil(WINDOW / batchSize))
}
