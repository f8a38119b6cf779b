import type { CrossAttention } from './cross-attention.js'
import type { DecoderSession } from './decoder-session.js'
import { drawSamples } from './draw-samples.js'
import { logSum } from './log-sum.js'
import type { LogitOptions } from './score-logits.js'
import { searchBeams } from './search-beams.js'
import { searchGreedily } from './search-greedily.js'
import type { TokenRules } from './token-rules.js'

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

/** A window's tokens. */
export interface Hypothesis {
  /** Without prompt and end, with the prefix. */
  readonly tokens: readonly number[]
  /** Sum of the logarithms of the probabilities, the end's among them. */
  readonly sum: number
  /** `sum` over the number of tokens to the power of the length penalty. */
  readonly score: number
}

export interface Generated extends Hypothesis {
  /** Probability of `<|nospeech|>` behind the start of the transcript, 0 to 1. */
  readonly noSpeechProb: number
}

/** What the ways of searching have in common. */
export interface Search {
  readonly decoder: DecoderSession
  readonly cross: CrossAttention
  readonly rules: TokenRules
  readonly options: GenerateOptions
  /** Tokens that every hypothesis begins with. */
  readonly prefix: readonly number[]
  /** Most tokens of a hypothesis, prefix included. */
  readonly maxTokens: number
}

/**
 * Decodes one window as `Whisper.generate` of CTranslate2 does: the prompt in one pass, then token by token, greedily, by beam
 * search or by sampling.
 *
 * `prompt` ends with the task tokens; `prefix` is text that the answer begins with.
 */
export async function generate(
  parts: { decoder: DecoderSession; cross: CrossAttention; rules: TokenRules },
  prompt: readonly number[],
  prefix: readonly number[],
  options: GenerateOptions,
): Promise<Generated> {
  const { decoder, cross, rules } = parts
  const { ids } = rules
  const sampling = options.temperature > 0
  const beams = sampling ? 1 : options.beamSize
  const given = [...prompt, ...prefix]
  options.signal.throwIfAborted()
  decoder.cache.reset(1)
  const scores = await decoder.run({
    tokens: [given],
    cross,
    score: [prompt.lastIndexOf(ids.startOfTranscript), given.length - 1],
    textMask: rules.firstTextMask,
    top: 2 * beams,
    allLogits: true,
  })
  const atStart = scores.logits(0, 0)
  const noSpeech = atStart[ids.noSpeech] ?? -Infinity
  const noSpeechProb = Math.exp(noSpeech - logSum(atStart, 0, atStart.length))

  const promptSteps = prompt.length - 1
  const maxTokens = Math.min(Math.floor(options.maxLength / 2), options.maxLength - promptSteps)
  const search: Search = { decoder, cross, rules, options, prefix, maxTokens }
  const first = { scores, index: 1 }
  const find = sampling ? drawSamples : beams === 1 ? searchGreedily : searchBeams
  return { ...(await find(search, first)), noSpeechProb }
}
