import { SAMPLE_RATE } from '../audio-samples.js'
import type { ModelConfig } from '../models/model-weights.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import { wantsSpeechOnly } from './wants-speech-only.js'

/** What 'auto' means on a processor: more gain nothing there, as each has its own keys and values to be read at every step. */
const AUTO_CHUNKS = 3
/** What these may take of memory then, in bytes: enough for three of small or turbo, one of medium or large. */
const AUTO_BYTES = 512 * 2 ** 20
/** Positions of a window. */
const POSITIONS = 1500

/** How many chunks of the audio each worker decodes at the same time; null: it is transcribed window after window. */
export function sideBySide(
  frames: number,
  options: ResolvedOptions,
  { width, layers }: Pick<ModelConfig, 'width' | 'layers'>,
): number | null {
  const { batchSize, prefix, hallucinationSilenceThreshold } = options
  if (batchSize !== 'auto') return batchSize > 1 ? batchSize : null
  // What only has a meaning from window to window was asked for.
  if (prefix !== undefined || hallucinationSilenceThreshold !== null) return null
  if (!wantsSpeechOnly(options, frames / SAMPLE_RATE)) return null
  // Keys and values of float32 in each layer.
  const bytes = 8 * width * POSITIONS * layers.decoder
  return Math.max(1, Math.min(AUTO_CHUNKS, Math.floor(AUTO_BYTES / bytes)))
}
