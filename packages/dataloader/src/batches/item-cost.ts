import type { CheckedOptions } from '../check-options.js'
import type { LoadedItem } from '../items/load-item.js'
import type { FrameLayout } from './frame-layout.js'

/** What items take of memory. */
export interface ItemCost {
  /** Bytes of an item that is about to be loaded, with its part of the batch. */
  expected(seconds: number | null): number
  /** Bytes of one that has been loaded, with its part of the batch. */
  actual(item: LoadedItem): number
}

/** What is assumed of a file that does not say how long it is, and of the first one, in seconds. */
const UNKNOWN_SECONDS = 30

/**
 * Samples while they are decoded, features instead of them when they are computed, and room for either in the batch. Of files that do
 * not say how long they are, the longest so far is assumed.
 */
export function createItemCost(
  { sampleRate, mono, cropFrames, features }: CheckedOptions,
  { rows, hopLength }: FrameLayout,
): ItemCost {
  let channels = mono ? 1 : 2
  let longest: number | undefined
  const size = Float32Array.BYTES_PER_ELEMENT
  return {
    expected(seconds) {
      const known = seconds ?? longest ?? UNKNOWN_SECONDS
      const frames = Math.min(known * sampleRate, cropFrames ?? Infinity)
      const samples = frames * channels * size
      if (features === undefined) return 2 * samples
      return samples + (2 * samples * rows) / hopLength
    },
    actual(item) {
      channels = Math.max(channels, item.channels)
      longest = Math.max(longest ?? 0, item.decodedSeconds)
      return 2 * item.frames * item.rows * item.channels * size
    },
  }
}
