import { threadBudget } from '@audiodecode/core'
import type { AudioData, Samples } from '@audiodecode/core'
import { allocateSamples, createNativeCalls } from '@audiodecode/native-bridge'

import { checkAudio, copySamples } from './audio-samples.js'
import { toFeatureMatrix } from './feature-matrix.js'
import type { FeatureMatrix } from './feature-matrix.js'
import { loadBinding } from './load-binding.js'

const SAMPLE_RATE = 16_000
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
 * @throws RangeError for audio of another rate than 16,000 Hz; `signal.reason` after an abort.
 */
export async function whisperLogMel(
  audio: AudioData | Samples,
  options: WhisperOptions = {},
): Promise<FeatureMatrix> {
  const { nMels = 80, signal } = options
  const { data, channels, frames, sampleRate } = checkAudio(audio)
  if (nMels !== 80 && nMels !== 128) {
    throw new RangeError(`nMels must be 80 or 128, not ${String(nMels)}`)
  }
  if (sampleRate !== SAMPLE_RATE) {
    throw new RangeError(
      `Whisper hears ${SAMPLE_RATE} Hz, not ${sampleRate}; load(file, { sampleRate: ${SAMPLE_RATE}, mono: true }) gives that`,
    )
  }
  signal?.throwIfAborted()
  const binding = loadBinding()
  const samples = await copySamples(data, 'whisperLogMel', signal)
  const columns = Math.floor(frames / HOP_LENGTH) + 1
  const out = allocateSamples(channels * nMels * columns, undefined, 'whisperLogMel')
  await createNativeCalls(binding, undefined, 'whisperLogMel').run(signal, async (token) =>
    binding.whisperLogMel(samples, out, channels, nMels, threadBudget(), token),
  )
  return toFeatureMatrix({
    data: out,
    channels,
    shape: [nMels, columns],
    sampleRate,
    hopLength: HOP_LENGTH,
  })
}
