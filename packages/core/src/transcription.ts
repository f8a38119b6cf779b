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
  /** Language code, e.g. 'en'. Default: detected. */
  language?: string
  /** 'translate' gives English text. Default 'transcribe'. */
  task?: 'transcribe' | 'translate'
  /** Detect the language of each window anew. Default false. */
  multilingual?: boolean
  /** Probability, 0 to 1, from which a detected language is taken at once. Default 0.5. */
  languageDetectionThreshold?: number
  /** Windows to look at for the language. Default 1. */
  languageDetectionSegments?: number
  /** Hypotheses kept at temperature 0; 1 is greedy. Default 5. */
  beamSize?: number
  /** Samples drawn at a temperature above 0, of which the likeliest stays. Default 5. */
  bestOf?: number
  /** How long a beam search goes on, as a factor. Default 1. */
  patience?: number
  /** Exponent of the length by which a hypothesis is scored. Default 1. */
  lengthPenalty?: number
  /** Above 1 it makes tokens that have occurred less likely. Default 1. */
  repetitionPenalty?: number
  /** Length of token sequences that must not occur twice; 0 allows all. Default 0. */
  noRepeatNgramSize?: number
  /** Temperatures to try until a window passes the thresholds below. Default 0, 0.2, 0.4, 0.6, 0.8, 1. */
  temperature?: number | readonly number[]
  /** Above this compression ratio a window has failed; null switches the check off. Default 2.4. */
  compressionRatioThreshold?: number | null
  /** Below this mean log probability a window has failed; null switches the check off. Default -1. */
  logProbThreshold?: number | null
  /** Above this probability of silence, 0 to 1, a failed window counts as silent; null switches it off. Default 0.6. */
  noSpeechThreshold?: number | null
  /** Default true; false when batched. */
  conditionOnPreviousText?: boolean
  /** Above this temperature the text before is forgotten. Default 0.5. */
  promptResetOnTemperature?: number
  /** Text or tokens that stand before the first window. */
  initialPrompt?: string | readonly number[]
  /** Text that the first window begins with. */
  prefix?: string
  /** Words to expect, given to every window. */
  hotwords?: string
  /** No blank output at the beginning of a window. Default true. */
  suppressBlank?: boolean
  /** Tokens that are never chosen; -1 stands for the set of symbols in the model. Default [-1]. */
  suppressTokens?: readonly number[]
  /** Text tokens only. Default false. */
  withoutTimestamps?: boolean
  /** Latest first timestamp of a window, in seconds. Default 1. */
  maxInitialTimestamp?: number
  /** Most tokens of one window. Default: what the model's context leaves. */
  maxNewTokens?: number
  /** Length of a window in seconds. Default: the model's. */
  chunkLength?: number
  /** Also find when each word is said. Default false. */
  wordTimestamps?: boolean
  /** Marks that join the word after them. */
  prependPunctuations?: string
  /** Marks that join the word before them. */
  appendPunctuations?: string
  /** With `wordTimestamps`: skips silences longer than this, in seconds, around a likely hallucination. Default null. */
  hallucinationSilenceThreshold?: number | null
  /** 'auto' (default): on when the audio is longer than 60 s. */
  vad?: 'auto' | boolean
  /** How voice detection decides. */
  vadParameters?: VadParameters
  /** Seconds. */
  clipTimestamps?: readonly { start: number; end: number }[]
  /**
   * Whether a window with little audio in it may be encoded by itself, which is several times quicker, rather than as 30 s that
   * are mostly padding. 'fast' (default): up to 15 s with the small models, and again as 30 s when the result looks wrong.
   * 'exact': never.
   */
  shortAudio?: 'fast' | 'exact'
  /** 'split': each channel is a speaker, merged in time. Default 'mix'. */
  channelMode?: 'mix' | 'split'
  /** Chunks decoded together. Default 'auto': batched when VAD is on and conditioning was not asked for, else 1. */
  batchSize?: number | 'auto'
  /** Makes sampling at temperature > 0 repeatable. */
  seed?: number
  /** Is told how far the work is. */
  onProgress?: (progress: TranscribeProgress) => void
  /** Cancels; the promise rejects with its reason. */
  signal?: AbortSignal
}

/** How voice detection decides; faster-whisper's names in camel case. */
export interface VadParameters {
  /** Probability of speech, 0 to 1, above which speech begins. Default 0.5. */
  threshold?: number
  /** Probability below which speech ends. Default: `threshold` less 0.15. */
  negThreshold?: number
  /** Shorter speech is dropped, in milliseconds. Default 0. */
  minSpeechDurationMs?: number
  /** Longer speech is cut at a silence, in seconds. Default: no limit. */
  maxSpeechDurationS?: number
  /** Silence that ends speech, in milliseconds. Default 2,000. */
  minSilenceDurationMs?: number
  /** Added on both sides of speech, in milliseconds. Default 400. */
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
