import type { VadParameters } from '@audiodecode/core'

/** How voice detection decides, with all defaults. */
export interface VadOptions {
  /** Probability from which speech begins. */
  readonly threshold: number
  /** Probability below which speech ends. */
  readonly negThreshold: number
  readonly minSpeechDurationMs: number
  readonly maxSpeechDurationS: number
  readonly minSilenceDurationMs: number
  readonly speechPadMs: number
}

/**
 * Fills in faster-whisper's defaults. With `chunkLength`, in seconds, they are those of its batched mode: no stretch of speech is
 * longer than a chunk, and a short silence ends one.
 */
export function vadOptions(parameters: VadParameters = {}, chunkLength?: number): VadOptions {
  const threshold = parameters.threshold ?? 0.5
  return {
    threshold,
    negThreshold: parameters.negThreshold ?? Math.max(threshold - 0.15, 0.01),
    minSpeechDurationMs: parameters.minSpeechDurationMs ?? 0,
    maxSpeechDurationS: Math.min(
      parameters.maxSpeechDurationS ?? Infinity,
      chunkLength ?? Infinity,
    ),
    minSilenceDurationMs:
      parameters.minSilenceDurationMs ?? (chunkLength === undefined ? 2000 : 160),
    speechPadMs: parameters.speechPadMs ?? 400,
  }
}
