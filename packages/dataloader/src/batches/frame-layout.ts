import type { CheckedOptions } from '../check-options.js'
import { computeFeatures } from '../items/compute-features.js'

/** How large what becomes of an item is. */
export interface FrameLayout {
  /** Lines of each channel: 1 for samples, else mels or coefficients. */
  readonly rows: number
  /** Samples from a frame to the next: 1 for samples. */
  readonly hopLength: number
  /** Frames of every batch, when crops make them the same. */
  readonly fixedFrames: number | undefined
}

/**
 * Finds out by computing the features of silence once, which also checks their options.
 *
 * @throws TypeError or RangeError for feature options that do not fit.
 */
export async function frameLayout(
  { features, cropFrames, sampleRate }: CheckedOptions,
  signal: AbortSignal,
): Promise<FrameLayout> {
  if (features === undefined) return { rows: 1, hopLength: 1, fixedFrames: cropFrames }
  const silence = new Float32Array(cropFrames ?? features.nFft ?? 2048)
  const matrix = await computeFeatures({ samples: silence, sampleRate }, features, signal)
  const { shape, hopLength } = matrix
  return {
    rows: shape[0],
    hopLength,
    fixedFrames: cropFrames === undefined ? undefined : shape[1],
  }
}
