import { createTokenRules } from '../engine/token-rules.js'
import type { TokenRules } from '../engine/token-rules.js'
import type { ModelConfig } from '../models/model-weights.js'
import { roundHalfEven } from '../python/round-half-even.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import type { WindowTask } from './generate-with-fallback.js'
import type { ResolvedOptions } from './options.js'
import { buildPrompt } from './prompt.js'
import { suppressedTokens } from './suppressed-tokens.js'

/** Seconds between two timestamps. */
const TIME_PRECISION = 0.02

/** How a window is decoded. */
export interface WindowRequest {
  readonly tokenizer: Tokenizer
  readonly config: ModelConfig
  readonly options: ResolvedOptions
  /** From `rulesOf`. */
  readonly rules: TokenRules
  readonly language: string
  /** Text of the windows before. */
  readonly previousTokens: readonly number[]
  /** Tokens that the answer begins with; an option's prefix otherwise. */
  readonly begins?: readonly number[]
  /** Whether it is the beginning of the audio, where a prefix stands. */
  readonly isFirst: boolean
  readonly random: () => number
  readonly signal: AbortSignal
}

/** What restricts the tokens of all windows. */
export function rulesOf(
  tokenizer: Tokenizer,
  config: ModelConfig,
  options: ResolvedOptions,
): TokenRules {
  const { specials } = tokenizer
  return createTokenRules(
    {
      endOfText: specials.eot,
      startOfTranscript: specials.sot,
      noSpeech: specials.noSpeech,
      noTimestamps: specials.noTimestamps,
      timestampBegin: specials.timestampBegin,
      vocabulary: tokenizer.vocabularySize,
    },
    {
      timestamps: !options.withoutTimestamps,
      maxInitialTimestamp: roundHalfEven(options.maxInitialTimestamp / TIME_PRECISION),
      suppress: suppressedTokens(tokenizer, options.suppressTokens),
      suppressFirst: options.suppressBlank ? config.suppressIdsBegin : [],
    },
  )
}

/** What is to be found behind which prompt. */
export function windowTask(request: WindowRequest): WindowTask {
  const { tokenizer, config, options, rules, signal, random } = request
  const built = buildPrompt({
    tokenizer,
    language: request.language,
    task: options.task,
    previousTokens: request.previousTokens,
    withoutTimestamps: options.withoutTimestamps,
    prefix: request.isFirst ? options.prefix : undefined,
    hotwords: options.hotwords,
    maxLength: config.textContext,
  })
  const { prompt } = built
  const prefix = request.begins ?? built.prefix
  const maxLength =
    options.maxNewTokens === undefined
      ? config.textContext
      : Math.min(config.textContext, prompt.length + prefix.length + options.maxNewTokens)
  return { rules, prompt, prefix, tokenizer, options, run: { maxLength, random, signal } }
}
