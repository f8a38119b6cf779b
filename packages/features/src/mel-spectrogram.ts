import type { AudioData, Samples } from '@audiodecode/core'
import { allocateSamples } from '@audiodecode/native-bridge'

import { checkWhole, compute } from './compute.js'
import { toFeatureMatrix } from './feature-matrix.js'
import type { FeatureMatrix } from './feature-matrix.js'
import { checkFrames } from './frames.js'
import type { NativeDecibels } from './load-binding.js'
import { checkDecibels, checkMel, warnOfEmptyFilters } from './mel.js'
import type { LogMelOptions, MelOptions } from './options.js'

/** librosa's default hop. */
export const HOP_LENGTH = 512

/**
 * A mel spectrogram, as `librosa.feature.melspectrogram` gives it: powers under a Hann window, through Slaney's filters.
 * Several channels give one matrix each. Filters too narrow for `nFft` give rows of zeros, and a warning of the process.
 *
 * @throws TypeError or RangeError for wrong options and for audio that has no frame; AudioDecodeError ERR_CORRUPT for samples that
 * are not finite; `signal.reason` after an abort.
 */
export async function melSpectrogram(
  audio: AudioData | Samples,
  options: MelOptions = {},
): Promise<FeatureMatrix> {
  return spectrogram(audio, options, null, 'melSpectrogram')
}

/**
 * A mel spectrogram in decibels: `librosa.power_to_db` of what `melSpectrogram` gives. `topDb` counts from the loudest value of
 * each channel.
 *
 * @throws As `melSpectrogram` does.
 */
export async function logMelSpectrogram(
  audio: AudioData | Samples,
  options: LogMelOptions = {},
): Promise<FeatureMatrix> {
  return spectrogram(audio, options, checkDecibels(options), 'logMelSpectrogram')
}

async function spectrogram(
  audio: AudioData | Samples,
  options: MelOptions,
  decibels: NativeDecibels | null,
  what: string,
): Promise<FeatureMatrix> {
  const checked = checkFrames(options, () => HOP_LENGTH)
  const whole = checkWhole(audio, checked)
  const { channels, sampleRate } = whole.audio
  const mel = checkMel(options, sampleRate)
  const shape = [mel.nMels, whole.columns] as const
  const data = await compute(whole, what, async ({ binding, samples, frames, token }) => {
    const out = allocateSamples(channels * shape[0] * shape[1], undefined, what)
    const empty = await binding.mel(samples, out, frames, mel, decibels, token)
    warnOfEmptyFilters(empty, mel, frames.nFft)
    return out
  })
  return toFeatureMatrix({ data, channels, shape, sampleRate, hopLength: checked.hopLength })
}
