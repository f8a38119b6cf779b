import { SAMPLE_RATE } from '../audio-samples.js'
import type { TranscriptRequest } from './transcribe-in-chunks.js'
import { wantsSpeechOnly } from './wants-speech-only.js'

/** What 'auto' means on a processor: more gain nothing there, as each has its own keys and values to be read at every step. */
const AUTO_CHUNKS = 3

/** How many chunks of the audio each worker decodes at the same time; 1: it is transcribed window after window. */
export function sideBySide({
  samples,
  options,
}: Pick<TranscriptRequest, 'samples' | 'options'>): number {
  const { batchSize, prefix, hallucinationSilenceThreshold } = options
  if (batchSize !== 'auto') return batchSize
  // What only has a meaning from window to window was asked for.
  if (prefix !== undefined || hallucinationSilenceThreshold !== null) return 1
  return wantsSpeechOnly(options, samples.length / SAMPLE_RATE) ? AUTO_CHUNKS : 1
}
