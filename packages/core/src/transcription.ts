import type { AudioData } from './audio-data.js'
import type { AudioInput } from './audio-input.js'
import type { DecodeReport } from './decode-report.js'
import type { PluginStatus } from './plugin-status.js'
import type { Samples } from './samples.js'

/** Something that turns speech into text. `@audiodecode/whisper` is one. */
export interface TranscriptionEngine {
  /** Name callers select it by; a second registration of the same name replaces the first. */
  readonly name: string
  /** Text and times of what is said. */
  transcribe(
    input: AudioInput | AudioData | Samples,
    options?: TranscribeOptions & { model?: string },
  ): Promise<TranscriptionResult>
  /** Frees models and workers. */
  close(): Promise<void>
  /** Whether it can work here. */
  status?(): Promise<PluginStatus>
}

/** What was said. */
export interface TranscriptionResult {
  /** All segments' text. */
  readonly text: string
  /** In the order of time. */
  readonly segments: readonly Segment[]
  /** Language code, e.g. 'en'. */
  readonly language: string
  /** 0 to 1. */
  readonly languageProbability: number
  /** Length of the audio. */
  readonly durationSeconds: number
  /** Length of what voice detection kept. */
  readonly speechSeconds: number
  /** From decoding, or null when samples were given. */
  readonly report: DecodeReport | null
}

/** A stretch of speech; times in seconds of the audio. */
export interface Segment {
  /** Counts from 0. */
  readonly id: number
  /** Beginning, in seconds. */
  readonly start: number
  /** End, in seconds. */
  readonly end: number
  /** What is said. */
  readonly text: string
  /** The model's tokens. */
  readonly tokens: readonly number[]
  /** Start of the window, in seconds. */
  readonly seek: number
  /** With `channelMode: 'split'`. */
  readonly channel?: number
  /** Mean log probability of the tokens. */
  readonly avgLogprob: number
  /** Length of the text over its zlib-compressed length. */
  readonly compressionRatio: number
  /** Probability that nothing is said, 0 to 1. */
  readonly noSpeechProb: number
  /** Temperature it was decoded at. */
  readonly temperature: number
  /** With `wordTimestamps`. */
  readonly words?: readonly Word[]
}

/** A word; times in seconds of the audio. */
export interface Word {
  /** Beginning, in seconds. */
  readonly start: number
  /** End, in seconds. */
  readonly end: number
  /** With its leading space and punctuation. */
  readonly word: string
  /** 0 to 1. */
  readonly probability: number
}

/** faster-whisper 1.2.1's names in camel case, its defaults unless said otherwise. */
export interface TranscribeOptions {
  language?: string
  task?: 'transcribe' | 'translate'
  multilingual?: boolean
  languageDetectionThreshold?: number
  languageDetectionSegments?: number
  beamSize?: number
  bestOf?: number
  patience?: number
  lengthPenalty?: number
  repetitionPenalty?: number
  noRepeatNgramSize?: number
  temperature?: number | readonly number[]
  compressionRatioThreshold?: number | null
  logProbThreshold?: number | null
  noSpeechThreshold?: number | null
  /** Default true; false when batched. */
  conditionOnPreviousText?: boolean
  promptResetOnTemperature?: number
  initialPrompt?: string | readonly number[]
  prefix?: string
  hotwords?: string
  suppressBlank?: boolean
  suppressTokens?: readonly number[]
  withoutTimestamps?: boolean
  maxInitialTimestamp?: number
  maxNewTokens?: number
  chunkLength?: number
  wordTimestamps?: boolean
  prependPunctuations?: string
  appendPunctuations?: string
  hallucinationSilenceThreshold?: number | null
  /** 'auto' (default): on when the audio is longer than 60 s. */
  vad?: 'auto' | boolean
  vadParameters?: VadParameters
  /** Seconds. */
  clipTimestamps?: readonly { start: number; end: number }[]
  /** 'split': each channel is a speaker, merged in time. Default 'mix'. */
  channelMode?: 'mix' | 'split'
  /** Chunks decoded together. Default 'auto': batched when VAD is on and conditioning was not asked for, else 1. */
  batchSize?: number | 'auto'
  /** Makes sampling at temperature > 0 repeatable. */
  seed?: number
  onProgress?: (progress: TranscribeProgress) => void
  signal?: AbortSignal
}

/** How voice detection decides; faster-whisper's names in camel case. */
export interface VadParameters {
  threshold?: number
  negThreshold?: number
  minSpeechDurationMs?: number
  maxSpeechDurationS?: number
  minSilenceDurationMs?: number
  speechPadMs?: number
}

/** How far a transcription is. */
export interface TranscribeProgress {
  /** Seconds of audio done in this phase. */
  seconds: number
  /** Seconds of audio altogether. */
  totalSeconds: number
  /** What is being done. */
  phase: 'decode' | 'vad' | 'transcribe'
}
