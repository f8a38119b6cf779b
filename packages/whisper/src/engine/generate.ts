import type { CrossAttention } from './cross-attention.js'
import type { Decoder, DecoderScores } from './decoder.js'
import { drawSamples } from './draw-samples.js'
import type { GenerateOptions } from './generate-options.js'
import { logSum } from './log-sum.js'
import { searchBeams } from './search-beams.js'
import { searchGreedily } from './search-greedily.js'
import { rowScores } from './search.js'
import type { Hypothesis, NextRow, Search } from './search.js'
import type { TokenRules } from './token-rules.js'

/** What is to be found for a window. */
export interface GenerateRequest {
  readonly rules: TokenRules
  /** Ends with the task tokens. */
  readonly prompt: readonly number[]
  /** Text that the answer begins with. */
  readonly prefix: readonly number[]
  readonly options: GenerateOptions
}

export interface Generated extends Hypothesis {
  /** Probability of `<|nospeech|>` behind the start of the transcript, 0 to 1. */
  readonly noSpeechProb: number
}

/** A search whose prompt is read. */
export interface BegunSearch {
  readonly search: Search
  /** The rows that go on behind the prompt. */
  readonly rows: readonly NextRow[]
  /** Tokens of the prompt and the prefix. */
  readonly given: number
  readonly noSpeechProb: number
}

/**
 * Decodes one window as `Whisper.generate` of CTranslate2 does: the prompt in one pass, then token by token, greedily, by beam
 * search or by sampling.
 */
export async function generate(
  parts: { decoder: Decoder; cross: CrossAttention },
  request: GenerateRequest,
): Promise<Generated> {
  const { decoder, cross } = parts
  const { rules, options } = request
  const { search, rows: first, given, noSpeechProb } = await beginSearch(parts, request)
  let rows = first
  while (rows.length > 0) {
    options.signal.throwIfAborted()
    decoder.cache.reorder(
      rows.map(({ source }) => source),
      (row) => given + (rows[row]?.shared ?? 0),
    )
    const scores: DecoderScores = await decoder.run({
      tokens: rows.map(({ token }) => [token]),
      cross,
      // All rows stand behind the same prompt.
      shared: rows.map(() => given),
      score: [0],
      textMask: rules.textMask,
      top: search.top,
      allLogits: search.allLogits,
    })
    rows = search.advance(rowScores(scores, 0, 0))
  }
  return { ...search.result(), noSpeechProb }
}

/** Reads the prompt into the decoder's one row and takes the first step. */
export async function beginSearch(
  { decoder, cross }: { decoder: Decoder; cross: CrossAttention },
  { rules, prompt, prefix, options }: GenerateRequest,
): Promise<BegunSearch> {
  const { ids } = rules
  const promptSteps = prompt.length - 1
  const maxTokens = Math.min(Math.floor(options.maxLength / 2), options.maxLength - promptSteps)
  const sampling = options.temperature > 0
  const create = sampling ? drawSamples : options.beamSize === 1 ? searchGreedily : searchBeams
  const search = create({ rules, options, prefix, maxTokens })

  const given = [...prompt, ...prefix]
  options.signal.throwIfAborted()
  decoder.cache.reset(1)
  const scores = await decoder.run({
    tokens: [given],
    cross,
    score: [prompt.lastIndexOf(ids.startOfTranscript), given.length - 1],
    textMask: rules.firstTextMask,
    top: search.top,
    allLogits: true,
  })
  const atStart = scores.logits(0, 0)
  const noSpeech = atStart[ids.noSpeech] ?? -Infinity
  const noSpeechProb = Math.exp(noSpeech - logSum(atStart, 0, atStart.length))
  const rows = search.advance(rowScores(scores, 0, 1))
  return { search, rows, given: given.length, noSpeechProb }
}
