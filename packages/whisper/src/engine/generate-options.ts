import type { LogitOptions } from './score-logits.js'

/** How a window is decoded. */
export interface GenerateOptions extends LogitOptions {
  /** Hypotheses kept at temperature 0. */
  readonly beamSize: number
  readonly patience: number
  readonly lengthPenalty: number
  /** Above 0 tokens are drawn by chance. */
  readonly temperature: number
  /** Samples drawn at a temperature above 0. */
  readonly bestOf: number
  /** Prompt and new tokens together are at most this many; new tokens at most half of it. */
  readonly maxLength: number
  /** Uniform numbers from 0 to below 1. */
  readonly random: () => number
  /** Looked at before each step. */
  readonly signal: AbortSignal
}
