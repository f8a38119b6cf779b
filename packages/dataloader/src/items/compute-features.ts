import type { AudioData, Samples } from '@audiodecode/core'
import { logMelSpectrogram, melSpectrogram, mfcc } from '@audiodecode/features'
import type { FeatureMatrix } from '@audiodecode/features'

import type { FeatureOptions } from '../loader-options.js'

/** The features of one item, on one thread: others are computed beside it. */
export async function computeFeatures(
  audio: AudioData | Samples,
  features: FeatureOptions,
  signal: AbortSignal,
): Promise<FeatureMatrix> {
  const { kind, ...options } = features
  const one = { ...options, threads: 1, signal }
  if (kind === 'mel') return melSpectrogram(audio, one)
  return kind === 'logMel' ? logMelSpectrogram(audio, one) : mfcc(audio, one)
}
