import { unitNumber } from '../order/hash-words.js'

/** Crops draw from the seed with a number of their own, see planBatches. */
const CROP = 3

/** Which crop of which item. */
export interface CropDraw {
  readonly seed: number
  readonly epoch: number
  /** Place of the item in the list. */
  readonly index: number
  /** Duration of the item. */
  readonly seconds: number
  /** Frames of the crop. */
  readonly frames: number
  /** Rate of those frames, in Hz. */
  readonly sampleRate: number
}

/**
 * First frame of a random crop: any place where the item has the crop's length from there on, each as likely as the others; 0 for an
 * item that is no longer than the crop. The same numbers give the same place.
 */
export function cropStart({ seed, epoch, index, seconds, frames, sampleRate }: CropDraw): number {
  // A frame less at the end: after resampling a range may begin one frame later than its seconds say.
  const places = Math.floor(seconds * sampleRate) - frames
  if (places < 1) return 0
  return Math.floor(unitNumber([CROP, seed, epoch, index]) * places)
}
