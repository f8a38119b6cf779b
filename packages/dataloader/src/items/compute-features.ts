import { types } from 'node:util'

import type { AudioData, Samples } from '@audiodecode/core'
import { logMelSpectrogram, melSpectrogram, mfcc } from '@audiodecode/features'
import type { FeatureMatrix } from '@audiodecode/features'

import type { FeatureOptions } from '../loader-options.js'

/**
 * The features of one item, on one thread: others are computed beside it. Samples in shared memory are read where they lie and must
 * stay as they are until then.
 */
export async function computeFeatures(
  audio: AudioData | Samples,
  features: FeatureOptions,
  signal: AbortSignal,
): Promise<FeatureMatrix> {
  const { kind, ...options } = features
  const inPlace = 'data' in audio && types.isSharedArrayBuffer(audio.data.buffer)
  const one = { ...options, threads: 1, inPlace, signal }
  if (kind === 'mel') return melSpectrogram(audio, one)
  return kind === 'logMel' ? logMelSpectrogram(audio, one) : mfcc(audio, one)
}
