import type { GenerateOptions } from '../engine/generate.js'
import type { Window } from '../engine/speech-model.js'
import type { TokenRules } from '../engine/token-rules.js'
import { strip } from '../python/text.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import { compressionRatio } from './compression-ratio.js'
import { chooseExhausted, needsFallback } from './needs-fallback.js'
import type { ResolvedOptions } from './options.js'

/** A window decoded at one temperature, and how good that is. */
export interface Outcome {
  readonly tokens: readonly number[]
  readonly avgLogprob: number
  readonly compressionRatio: number
  readonly noSpeechProb: number
  readonly temperature: number
}

/**
 * Decodes a window at one temperature after the other until one passes the thresholds; when none does, the best of them, with
 * the last temperature (faster-whisper's `generate_with_fallback`).
 */
export async function generateWithFallback(
  window: Window,
  given: { rules: TokenRules; prompt: readonly number[]; prefix: readonly number[] },
  tokenizer: Tokenizer,
  options: ResolvedOptions,
  run: Pick<GenerateOptions, 'maxLength' | 'random' | 'signal'>,
): Promise<Outcome> {
  const outcomes: Outcome[] = []
  for (const temperature of options.temperature) {
    const { tokens, sum, noSpeechProb } = await window.generate(
      given.rules,
      given.prompt,
      given.prefix,
      {
        ...run,
        temperature,
        beamSize: options.beamSize,
        bestOf: options.bestOf,
        patience: options.patience,
        lengthPenalty: options.lengthPenalty,
        repetitionPenalty: options.repetitionPenalty,
        noRepeatNgramSize: options.noRepeatNgramSize,
      },
    )
    const outcome: Outcome = {
      tokens,
      // The end counts as a token here.
      avgLogprob: sum / (tokens.length + 1),
      compressionRatio: compressionRatio(strip(tokenizer.decode(tokens))),
      noSpeechProb,
      temperature,
    }
    if (!needsFallback(outcome, options)) return outcome
    outcomes.push(outcome)
  }
  return chooseExhausted(outcomes, options)
}
