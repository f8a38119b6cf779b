import type { SampleSpan } from '../transcribe/collect-chunks.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import { speechTimestamps } from '../vad/speech-timestamps.js'
import { VadModel } from '../vad/vad-model.js'
import type { VadRun } from '../vad/vad-model.js'
import { vadOptions } from '../vad/vad-options.js'

let detector: Promise<VadModel> | null = null

/** The voice detector of this thread, loaded once. */
export function voiceDetector(): Promise<VadModel> {
  detector ??= VadModel.load()
  return detector
}

/** Where there is speech, in samples. */
export async function findSpeech(
  samples: Float32Array,
  options: ResolvedOptions,
  run: VadRun,
): Promise<readonly SampleSpan[]> {
  const probabilities = await (await voiceDetector()).probabilities(samples, run)
  return speechTimestamps(probabilities, samples.length, vadOptions(options.vadParameters))
}
