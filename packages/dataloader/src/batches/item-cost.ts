import type { CheckedOptions } from '../check-options.js'
import { scratchLength } from '../items/load-item.js'
import type { LoadedItem } from '../items/load-item.js'
import type { FrameLayout } from './frame-layout.js'

/** What items take of memory, beside what they are decoded into. */
export interface ItemCost {
  /** Bytes of an item that is about to be loaded, with its part of the batch. */
  expected(seconds: number | null): number
  /** Bytes of one that has been loaded, with its part of the batch. */
  actual(item: LoadedItem): number
}

/** What is assumed of a file that does not say how long it is, and of the first one, in seconds. */
const UNKNOWN_SECONDS = 30

/**
 * Features of an item, and room for them or for its samples in the batch; samples that are not decoded into scratch memory count, too.
 * Of files that do not say how long they are, the longest so far is assumed.
 */
export function createItemCost(
  options: CheckedOptions,
  { rows, hopLength }: FrameLayout,
): ItemCost {
  const { sampleRate, mono, cropFrames, features } = options
  let channels = mono ? 1 : 2
  let longest: number | undefined
  const size = Float32Array.BYTES_PER_ELEMENT
  /** Numbers of the result are there twice while it is copied, unless they are in scratch memory first. */
  const copies = (inScratch: boolean): number => (features === undefined && inScratch ? 1 : 2)
  return {
    expected(seconds) {
      const known = seconds ?? longest ?? UNKNOWN_SECONDS
      const frames = Math.min(known * sampleRate, cropFrames ?? Infinity)
      const samples = frames * channels * size
      const inScratch = scratchLength(options, seconds) > 0
      const decoded = inScratch || features === undefined ? 0 : samples
      return decoded + (copies(inScratch) * samples * rows) / hopLength
    },
    actual({ frames, rows, channels: found, decodedSeconds, data }) {
      channels = Math.max(channels, found)
      longest = Math.max(longest ?? 0, decodedSeconds)
      return copies(data.buffer instanceof SharedArrayBuffer) * frames * rows * found * size
    },
  }
}
