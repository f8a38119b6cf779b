import type { CrossAttention } from './cross-attention.js'
import type { Decoder } from './decoder.js'

/** What the decoder looked at and expected while it read a text. */
export interface ReadText {
  /** Cross-attention of each alignment head, `[tokens, positions]`. */
  readonly heads: readonly Float32Array[]
  readonly tokens: number
  /** Positions of the encoder. */
  readonly positions: number
  /** Of each text token among all text tokens, 0 to 1. */
  readonly probabilities: Float32Array
}

/**
 * Lets the decoder read [start of transcript …, no timestamps, text …, end of text] in one pass: what CTranslate2's `align`
 * begins with.
 */
export async function readText(
  decoder: Decoder,
  cross: CrossAttention,
  given: {
    start: readonly number[]
    noTimestamps: number
    text: readonly number[]
    endOfText: number
  },
  alignmentHeads: readonly (readonly [layer: number, head: number])[],
): Promise<ReadText> {
  const { start, noTimestamps, text, endOfText } = given
  const tokens = [...start, noTimestamps, ...text, endOfText]
  decoder.cache.reset(1)
  const scores = await decoder.run({
    tokens: [tokens],
    cross,
    // Each text token is expected by the one before it.
    score: text.map((_, index) => start.length + index),
    textMask: new Float32Array(endOfText),
    top: 1,
    wanted: text,
    attentionLayers: [...new Set(alignmentHeads.map(([layer]) => layer))],
  })
  const probabilities = Float32Array.from(text, (_, index) =>
    Math.exp(scores.wanted(0, index) - scores.next(0, index).textLogSum),
  )
  const size = tokens.length * cross.positions
  const heads = alignmentHeads.map(([layer, head]) => {
    return scores.attention(layer).subarray(head * size, (head + 1) * size)
  })
  return { heads, tokens: tokens.length, positions: cross.positions, probabilities }
}
