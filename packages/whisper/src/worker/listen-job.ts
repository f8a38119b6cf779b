import { WINDOW_FRAMES } from '../engine/speech-model.js'
import type { Window } from '../engine/speech-model.js'
import { roundHalfEven } from '../python/round-half-even.js'
import type { HeardWord, Listened, ListenRequest } from '../streaming/heard-word.js'
import { likeliestLanguage } from '../transcribe/detect-language.js'
import { atFirstTemperature } from '../transcribe/first-temperature.js'
import { generateWithFallback } from '../transcribe/generate-with-fallback.js'
import type { Outcome } from '../transcribe/generate-with-fallback.js'
import { initialPromptTokens } from '../transcribe/initial-prompt.js'
import { cutWindow } from '../transcribe/mel.js'
import type { Mel } from '../transcribe/mel.js'
import { isSilent } from '../transcribe/needs-fallback.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import { isSound } from '../transcribe/sound-result.js'
import { rulesOf, windowTask } from '../transcribe/window-task.js'
import { alignTokens } from '../words/align-tokens.js'
import { findAlignment } from '../words/find-alignment.js'
import { mergePunctuations } from '../words/merge-punctuations.js'
import { cutLongWords, usualDurations } from '../words/word-durations.js'
import type { JobContext } from './run-job.js'

/** Seconds between two timestamps. */
const TIME_PRECISION = 0.02

/** Hears audio whose beginning is decided already: alone, at the first temperature; the last time also as a whole window. */
export async function listen(
  request: ListenRequest,
  options: ResolvedOptions,
  mel: Mel,
  context: JobContext,
): Promise<Listened> {
  const { model } = context
  const frames = model.framesFor(mel.frames - 1)
  const first = atFirstTemperature(options)
  const alone = await hear(request, first, mel, frames, context)
  const { language, outcome } = alone
  const isGood = isSound(outcome, { seconds: mel.frames / 100, tokenizer: context.tokenizer })
  if (isGood) return { words: alone.words, language, temperature: outcome.temperature }
  if (!request.isLast) return { words: null, language, temperature: 0 }
  const whole = await hear(request, options, mel, WINDOW_FRAMES, context)
  const isNothing = isSilent(whole.outcome, options)
  const { temperature } = whole.outcome
  return { words: isNothing ? null : whole.words, language: whole.language, temperature }
}

interface Hypothesis {
  readonly outcome: Outcome
  readonly words: readonly HeardWord[]
  readonly language: string
}

function hear(
  request: ListenRequest,
  options: ResolvedOptions,
  mel: Mel,
  frames: number,
  { model, tokenizer, signal }: JobContext,
): Promise<Hypothesis> {
  const size = mel.frames - 1
  const { timestampBegin } = tokenizer.specials
  return model.withWindow(cutWindow(mel, 0, size, frames), frames, signal, async (window) => {
    const language = await languageOf(window, request, tokenizer)
    const { config } = model.files
    const task = windowTask({
      tokenizer,
      config,
      options,
      rules: rulesOf(tokenizer, config, options),
      language,
      previousTokens: [...initialPromptTokens(tokenizer, options.initialPrompt), ...request.said],
      begins: beginning(request, timestampBegin),
      isFirst: false,
      random: () => 0.5,
      signal,
    })
    const outcome = await generateWithFallback(window, task)
    const words = await wordsOf(window, outcome.tokens, language, size, options, tokenizer)
    return { outcome, words, language }
  })
}

async function languageOf(
  window: Window,
  { language }: ListenRequest,
  tokenizer: JobContext['tokenizer'],
): Promise<string> {
  if (!tokenizer.multilingual) return 'en'
  return language ?? (await likeliestLanguage(window, tokenizer)).language
}

/** Tokens of what is decided: with the timestamps between its words, and none behind the last. */
function beginning({ confirmed }: ListenRequest, timestampBegin: number): readonly number[] {
  if (confirmed.length === 0) return []
  const stamp = (seconds: number): number =>
    timestampBegin + Math.max(0, roundHalfEven(seconds / TIME_PRECISION))
  return [
    timestampBegin,
    ...confirmed.flatMap(({ tokens, stamps }, index) => [
      ...tokens,
      ...(index < confirmed.length - 1 ? stamps.map(stamp) : []),
    ]),
  ]
}

async function wordsOf(
  window: Window,
  tokens: readonly number[],
  language: string,
  frames: number,
  options: ResolvedOptions,
  tokenizer: JobContext['tokenizer'],
): Promise<readonly HeardWord[]> {
  const { eot, noTimestamps, timestampBegin } = tokenizer.specials
  const text = tokens.filter((token) => token < eot)
  if (text.length === 0) return []
  const start = tokenizer.sotSequence(language, options.task)
  const read = await window.read({ start, noTimestamps, text, endOfText: eot })
  const path = alignTokens(
    { heads: read.heads, tokens: read.tokens, frames: read.positions },
    { usedFrames: Math.floor(frames / 2), startLength: start.length },
  )
  const { probabilities } = read
  const timings = findAlignment({ tokenizer, language, textTokens: text, probabilities, path })
  const merged = mergePunctuations(
    cutLongWords(timings, usualDurations(timings)),
    options.prependPunctuations,
    options.appendPunctuations,
  )
  const stamps = stampsBehind(tokens, timestampBegin, eot)
  let count = 0
  return merged
    .filter(({ word }) => word !== '')
    .map(({ word, start: from, end, probability, tokens: own }) => {
      count += own.length
      return { word, start: from, end, probability, tokens: own, stamps: stamps.get(count) ?? [] }
    })
}

/** By the number of text tokens before them: the timestamps that follow, in seconds. */
function stampsBehind(
  tokens: readonly number[],
  timestampBegin: number,
  eot: number,
): ReadonlyMap<number, readonly number[]> {
  const stamps = new Map<number, number[]>()
  let count = 0
  for (const token of tokens) {
    if (token < eot) count += 1
    if (token < timestampBegin) continue
    const seconds = (token - timestampBegin) * TIME_PRECISION
    stamps.set(count, [...(stamps.get(count) ?? []), seconds])
  }
  return stamps
}
