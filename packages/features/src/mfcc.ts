import type { AudioData, Samples } from '@audiodecode/core'
import { allocateSamples } from '@audiodecode/native-bridge'

import { positive, whole as wholeNumber } from './check-numbers.js'
import { checkWhole, compute } from './compute.js'
import { toFeatureMatrix } from './feature-matrix.js'
import type { FeatureMatrix } from './feature-matrix.js'
import { checkFrames } from './frames.js'
import { HOP_LENGTH } from './mel-spectrogram.js'
import { checkDecibels, checkMel, warnOfEmptyFilters } from './mel.js'
import type { MfccOptions } from './options.js'

/**
 * Mel-frequency cepstral coefficients, as `librosa.feature.mfcc` gives them: the first rows of the orthonormal cosine transform of
 * a mel spectrogram in decibels, which reach 80 dB below the loudest of each channel.
 *
 * @throws As `melSpectrogram` does.
 */
export async function mfcc(
  audio: AudioData | Samples,
  options: MfccOptions = {},
): Promise<FeatureMatrix> {
  const checked = checkFrames(options, () => HOP_LENGTH)
  const whole = checkWhole(audio, checked)
  const { channels, sampleRate } = whole.audio
  const mel = checkMel(options, sampleRate)
  const nMfcc = wholeNumber(options.nMfcc, 'nMfcc', Math.min(20, mel.nMels), 1, mel.nMels)
  const lifter = positive(options.lifter, 'lifter', 0, { orZero: true })
  const shape = [nMfcc, whole.columns] as const
  const data = await compute(whole, 'mfcc', async ({ binding, samples, frames, token }) => {
    const out = allocateSamples(channels * shape[0] * shape[1], undefined, 'mfcc')
    const decibels = checkDecibels({})
    const empty = await binding.mfcc(samples, out, frames, mel, decibels, nMfcc, lifter, token)
    warnOfEmptyFilters(empty, mel, frames.nFft)
    return out
  })
  return toFeatureMatrix({ data, channels, shape, sampleRate, hopLength: checked.hopLength })
}
