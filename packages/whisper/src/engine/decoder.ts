import type { NextTokenScores } from './candidates.js'
import type { CrossAttention } from './cross-attention.js'
import type { KeyValueCache } from './key-value-cache.js'

/** What one run of the decoder is asked for. */
export interface DecoderStep {
  /** The next tokens of every row, equally many for each. */
  readonly tokens: readonly (readonly number[])[]
  readonly cross: CrossAttention
  /** Indices among the tokens of a row whose successors are scored. */
  readonly score: readonly number[]
  /** Added to the logits of text. */
  readonly textMask: Float32Array
  /** Tokens of text to tell, at least. */
  readonly top: number
  /** Index in the cache of each row's first token; all 0 by default. Tokens before it are not its own. */
  readonly starts?: readonly number[]
  /**
   * For each row, the index in the cache up to which it is known to be equal to the first row of its audio; 0 by default. What rows share
   * need not be read for each of them.
   */
  readonly shared?: readonly number[]
  /** Fetch all logits too. */
  readonly allLogits?: boolean
  /** For each row, and in it for each index into `score`, a token whose logit is told. */
  readonly wanted?: readonly number[]
  /** Fetch the cross-attention of these layers. */
  readonly attentionLayers?: readonly number[]
}

/** What a run gave. */
export interface DecoderScores {
  /** Of a row and an index into `score`. */
  next(row: number, index: number): NextTokenScores
  /** All logits of a row and an index into `score`; a copy. With `allLogits` only. */
  logits(row: number, index: number): Float32Array
  /** The logit of the token that is `wanted` there. */
  wanted(row: number, index: number): number
  /** Softmax of the cross-attention of a layer, `[audios, heads, rows × tokens of an audio, positions]`. */
  attention(layer: number): Float32Array
}

/** A model's decoder with the keys and values of the tokens so far. */
export interface Decoder {
  readonly cache: KeyValueCache
  /** Reads the next tokens of all rows and adds them to the cache. */
  run(step: DecoderStep): Promise<DecoderScores>
  /** One with the same weights and a cache of its own. */
  beside(): Decoder
}
