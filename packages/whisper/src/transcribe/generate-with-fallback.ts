import type { GenerateOptions } from '../engine/generate-options.js'
import type { GenerateRequest, Generated } from '../engine/generate.js'
import type { Window } from '../engine/speech-model.js'
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

/** What a window is decoded with, whatever the temperature. */
export interface WindowTask extends Pick<GenerateRequest, 'rules' | 'prompt' | 'prefix'> {
  readonly tokenizer: Tokenizer
  readonly options: ResolvedOptions
  readonly run: Pick<GenerateOptions, 'maxLength' | 'random' | 'signal'>
}

/**
 * Decodes a window at one temperature after the other until one passes the thresholds; when none does, the best of them, with
 * the last temperature (faster-whisper's `generate_with_fallback`). `first` is what was found at the first one, if it was.
 */
export async function generateWithFallback(
  window: Window,
  task: WindowTask,
  first?: Generated,
): Promise<Outcome> {
  const outcomes: Outcome[] = []
  for (const [index, temperature] of task.options.temperature.entries()) {
    const found =
      index === 0 && first !== undefined ? first : await window.generate(requestAt(task, index))
    const outcome = judge(found, temperature, task.tokenizer)
    if (!needsFallback(outcome, task.options)) return outcome
    outcomes.push(outcome)
  }
  return chooseExhausted(outcomes, task.options)
}

/** What is asked of the model at the temperature of this index. */
export function requestAt(task: WindowTask, index: number): GenerateRequest {
  const { rules, prompt, prefix, run, options } = task
  const { beamSize, bestOf, patience, lengthPenalty, repetitionPenalty, noRepeatNgramSize } =
    options
  const temperature = options.temperature[index] ?? 0
  const search = { temperature, beamSize, bestOf, patience, lengthPenalty }
  return {
    rules,
    prompt,
    prefix,
    options: { ...run, ...search, repetitionPenalty, noRepeatNgramSize },
  }
}

function judge(
  { tokens, sum, noSpeechProb }: Generated,
  temperature: number,
  tokenizer: Tokenizer,
): Outcome {
  return {
    tokens,
    // The end counts as a token here.
    avgLogprob: sum / (tokens.length + 1),
    compressionRatio: compressionRatio(strip(tokenizer.decode(tokens))),
    noSpeechProb,
    temperature,
  }
}
