import { threadBudget } from '@audiodecode/core'
import type { AudioData, Samples } from '@audiodecode/core'
import { allocateSamples } from '@audiodecode/native-bridge'

import { checkAudio } from './audio-samples.js'
import { checkSignal } from './check-numbers.js'
import { compute } from './compute.js'
import { toFeatureMatrix } from './feature-matrix.js'
import type { FeatureMatrix } from './feature-matrix.js'

const SAMPLE_RATE = 16_000
const N_FFT = 400
const HOP_LENGTH = 160

/** How to compute a Whisper log-mel spectrogram. */
export interface WhisperOptions {
  /** What the model was trained with: 80, or 128 for large-v3 and turbo. Default 80. */
  readonly nMels?: 80 | 128
  /** Ends the work. */
  readonly signal?: AbortSignal
}

/**
 * The log-mel spectrogram that Whisper reads, of all that is given, as faster-whisper 1.2.1's FeatureExtractor gives it:
 * ⌊frames ÷ 160⌋ + 1 columns, 100 of them a second, values bounded to 8 decades below the loudest and scaled by (x + 4) ÷ 4.
 * Several channels give one matrix each, each bounded by itself. Neither padded nor cut to 30 s.
 *
 * @throws RangeError for audio of another rate than 16,000 Hz; AudioDecodeError ERR_CORRUPT for samples that are not finite;
 * `signal.reason` after an abort.
 */
export async function whisperLogMel(
  audio: AudioData | Samples,
  options: WhisperOptions = {},
): Promise<FeatureMatrix> {
  const { nMels = 80 } = options
  const signal = checkSignal(options.signal)
  const planar = checkAudio(audio)
  if (nMels !== 80 && nMels !== 128) {
    throw new RangeError(`nMels must be 80 or 128, not ${String(nMels)}`)
  }
  const { channels, sampleRate } = planar
  if (sampleRate !== SAMPLE_RATE) {
    throw new RangeError(
      `Whisper hears ${SAMPLE_RATE} Hz, not ${sampleRate}; load(file, { sampleRate: ${SAMPLE_RATE}, mono: true }) gives that`,
    )
  }
  const columns = Math.floor(planar.frames / HOP_LENGTH) + 1
  const shape = [nMels, columns] as const
  const framing = {
    nFft: N_FFT,
    hopLength: HOP_LENGTH,
    winLength: N_FFT,
    padding: 'reflect',
  } as const
  const frames = { ...framing, inPlace: false, threads: threadBudget(), signal }
  const whole = { audio: planar, frames, columns }
  const data = await compute(
    whole,
    'whisperLogMel',
    async ({ binding, samples, frames, token }) => {
      const out = allocateSamples(channels * shape[0] * shape[1], undefined, 'whisperLogMel')
      await binding.whisperLogMel(samples, out, frames, nMels, token)
      return out
    },
  )
  return toFeatureMatrix({ data, channels, shape, sampleRate, hopLength: HOP_LENGTH })
}
