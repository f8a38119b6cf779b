import type { SampleSpan } from '../transcribe/collect-chunks.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import { speechTimestamps } from '../vad/speech-timestamps.js'
import { VadModel } from '../vad/vad-model.js'
import { vadOptions } from '../vad/vad-options.js'

/** Longer audio is searched for speech unless told otherwise, in seconds. */
const LONG_SECONDS = 60

let detector: Promise<VadModel> | null = null

/** The voice detector of this thread, loaded once. */
export function voiceDetector(): Promise<VadModel> {
  detector ??= VadModel.load()
  return detector
}

/** Whether what is not speech is to be left out. Clips that were given are heard as they are. */
export function wantsSpeechOnly(options: ResolvedOptions, seconds: number): boolean {
  if (options.clipTimestamps !== undefined && options.clipTimestamps.length > 0) return false
  return options.vad === 'auto' ? seconds > LONG_SECONDS : options.vad
}

/** Where there is speech, in samples. */
export async function findSpeech(
  samples: Float32Array,
  options: ResolvedOptions,
  run: { signal: AbortSignal; onSamples: (samples: number) => void },
): Promise<readonly SampleSpan[]> {
  const probabilities = await (await voiceDetector()).probabilities(samples, run)
  return speechTimestamps(probabilities, samples.length, vadOptions(options.vadParameters))
}
