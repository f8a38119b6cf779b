import type { TranscribeOptions } from '@audiodecode/core'

import { languageCode } from '../tokenizer/languages.js'
import { checkClips, checkInitialPrompt, checkTemperature } from './check-lists.js'
import { checkNames } from './check-names.js'
import { checkVadParameters } from './check-vad-parameters.js'
import { above, flag, number, numberOrNull, oneOf, text } from './check-values.js'
import { whole, wholeNumbers } from './check-values.js'
import type { Thresholds } from './needs-fallback.js'
import type { ResolvedOptions } from './resolved-options.js'

export type { ResolvedOptions } from './resolved-options.js'

/** More are no use and would take gigabytes. */
const MOST_HYPOTHESES = 100
/** Seconds that a window of the model has. */
const WINDOW_SECONDS = 30

/** Checks the options of a transcription; throws TypeError or RangeError. */
export function resolveOptions(options: TranscribeOptions | undefined): ResolvedOptions {
  const given = requireObject(options)
  checkNames(given)
  checkListeners(given)
  const wordTimestamps = flag(given.wordTimestamps, 'wordTimestamps') ?? false
  const language = text(given.language, 'language')
  return {
    language: language === undefined ? undefined : languageCode(language),
    task: oneOf(given.task, 'task', ['transcribe', 'translate']) ?? 'transcribe',
    multilingual: flag(given.multilingual, 'multilingual') ?? false,
    languageDetectionThreshold:
      number(given.languageDetectionThreshold, 'languageDetectionThreshold', 0, 1) ?? 0.5,
    languageDetectionSegments:
      whole(given.languageDetectionSegments, 'languageDetectionSegments', 1) ?? 1,
    ...resolveSearch(given),
    ...resolveThresholds(given),
    ...resolveBatching(given),
    promptResetOnTemperature:
      number(given.promptResetOnTemperature, 'promptResetOnTemperature', 0) ?? 0.5,
    initialPrompt: checkInitialPrompt(given.initialPrompt),
    prefix: text(given.prefix, 'prefix'),
    hotwords: text(given.hotwords, 'hotwords'),
    withoutTimestamps: flag(given.withoutTimestamps, 'withoutTimestamps') ?? false,
    maxInitialTimestamp:
      number(given.maxInitialTimestamp, 'maxInitialTimestamp', 0, WINDOW_SECONDS) ?? 1,
    chunkLength: whole(given.chunkLength, 'chunkLength', 1, WINDOW_SECONDS),
    wordTimestamps,
    prependPunctuations: text(given.prependPunctuations, 'prependPunctuations') ?? '"\'“¿([{-',
    appendPunctuations:
      text(given.appendPunctuations, 'appendPunctuations') ?? '"\'.。,，!！?？:：”)]}、',
    hallucinationSilenceThreshold: checkSilence(given, wordTimestamps),
    vad: given.vad === 'auto' ? 'auto' : (flag(given.vad, 'vad') ?? 'auto'),
    vadParameters: checkVadParameters(given.vadParameters),
    clipTimestamps: checkClips(given.clipTimestamps),
    shortAudio: oneOf(given.shortAudio, 'shortAudio', ['fast', 'exact']) ?? 'fast',
    channelMode: oneOf(given.channelMode, 'channelMode', ['mix', 'split']) ?? 'mix',
    seed: whole(given.seed, 'seed', 0) ?? 0,
  }
}

type Search = Pick<
  ResolvedOptions,
  | 'beamSize'
  | 'bestOf'
  | 'patience'
  | 'lengthPenalty'
  | 'repetitionPenalty'
  | 'noRepeatNgramSize'
  | 'temperature'
  | 'suppressBlank'
  | 'suppressTokens'
  | 'maxNewTokens'
>

function resolveSearch(given: TranscribeOptions): Search {
  return {
    beamSize: whole(given.beamSize, 'beamSize', 1, MOST_HYPOTHESES) ?? 5,
    bestOf: whole(given.bestOf, 'bestOf', 1, MOST_HYPOTHESES) ?? 5,
    patience: above(given.patience, 'patience', 0) ?? 1,
    lengthPenalty: number(given.lengthPenalty, 'lengthPenalty') ?? 1,
    repetitionPenalty: above(given.repetitionPenalty, 'repetitionPenalty', 0) ?? 1,
    noRepeatNgramSize: whole(given.noRepeatNgramSize, 'noRepeatNgramSize', 0) ?? 0,
    temperature: checkTemperature(given.temperature),
    suppressBlank: flag(given.suppressBlank, 'suppressBlank') ?? true,
    suppressTokens: wholeNumbers(given.suppressTokens, 'suppressTokens', -1) ?? [-1],
    maxNewTokens: whole(given.maxNewTokens, 'maxNewTokens', 1),
  }
}

function resolveThresholds(given: TranscribeOptions): Thresholds {
  const { compressionRatioThreshold, logProbThreshold, noSpeechThreshold } = given
  return {
    compressionRatioThreshold: orDefault(
      numberOrNull(compressionRatioThreshold, 'compressionRatioThreshold', 0),
      2.4,
    ),
    logProbThreshold: orDefault(numberOrNull(logProbThreshold, 'logProbThreshold'), -1),
    noSpeechThreshold: orDefault(numberOrNull(noSpeechThreshold, 'noSpeechThreshold', 0, 1), 0.6),
  }
}

function resolveBatching(
  given: TranscribeOptions,
): Pick<ResolvedOptions, 'conditionOnPreviousText' | 'batchSize'> {
  const asked = flag(given.conditionOnPreviousText, 'conditionOnPreviousText')
  const batchSize =
    given.batchSize === 'auto' ? 'auto' : (whole(given.batchSize, 'batchSize', 1, 256) ?? 'auto')
  const batched = batchSize !== 'auto' && batchSize > 1
  if (asked === true && batched) {
    throw new TypeError(
      `conditionOnPreviousText goes with batchSize 1 only: with ${batchSize}, chunks are decoded at the same time`,
    )
  }
  return {
    conditionOnPreviousText: asked ?? !batched,
    batchSize: asked === true && batchSize === 'auto' ? 1 : batchSize,
  }
}

function checkSilence(given: TranscribeOptions, wordTimestamps: boolean): number | null {
  const name = 'hallucinationSilenceThreshold'
  const threshold = orDefault(numberOrNull(given.hallucinationSilenceThreshold, name, 0), null)
  if (threshold !== null && !wordTimestamps) {
    throw new TypeError(`${name} needs wordTimestamps: true`)
  }
  if (threshold !== null && typeof given.batchSize === 'number' && given.batchSize > 1) {
    throw new TypeError(`${name} goes with batchSize 1 only: it goes on from where silence ends`)
  }
  return threshold
}

function checkListeners({ onProgress, signal }: TranscribeOptions): void {
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError('onProgress must be a function')
  }
  // By name rather than instanceof, which fails for signals of another realm.
  if (signal !== undefined && Object.prototype.toString.call(signal) !== '[object AbortSignal]') {
    throw new TypeError('signal must be an AbortSignal')
  }
}

function requireObject(options: unknown): TranscribeOptions {
  if (options === undefined) return {}
  if (typeof options === 'object' && options !== null) return options
  throw new TypeError('options must be an object')
}

function orDefault<T>(value: number | null | undefined, standard: T): number | null | T {
  return value === undefined ? standard : value
}
