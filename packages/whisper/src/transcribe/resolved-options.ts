import type { VadParameters } from '@audiodecode/core'

import type { Thresholds } from './needs-fallback.js'

/** Checked options with their defaults, those of faster-whisper 1.2.1: plain data that can be sent to a worker. */
export interface ResolvedOptions extends Thresholds {
  /** Code; undefined: to be detected. */
  readonly language: string | undefined
  readonly task: 'transcribe' | 'translate'
  readonly multilingual: boolean
  readonly languageDetectionThreshold: number
  readonly languageDetectionSegments: number
  readonly beamSize: number
  readonly bestOf: number
  readonly patience: number
  readonly lengthPenalty: number
  readonly repetitionPenalty: number
  readonly noRepeatNgramSize: number
  /** At least one. */
  readonly temperature: readonly number[]
  readonly conditionOnPreviousText: boolean
  readonly promptResetOnTemperature: number
  readonly initialPrompt: string | readonly number[] | undefined
  readonly prefix: string | undefined
  readonly hotwords: string | undefined
  readonly suppressBlank: boolean
  readonly suppressTokens: readonly number[]
  readonly withoutTimestamps: boolean
  readonly maxInitialTimestamp: number
  readonly maxNewTokens: number | undefined
  readonly chunkLength: number | undefined
  readonly wordTimestamps: boolean
  readonly prependPunctuations: string
  readonly appendPunctuations: string
  readonly hallucinationSilenceThreshold: number | null
  readonly vad: 'auto' | boolean
  /** Only what was given: the defaults depend on whether chunks are decoded together. */
  readonly vadParameters: VadParameters
  /** Undefined: all of the audio. */
  readonly clipTimestamps: readonly { readonly start: number; readonly end: number }[] | undefined
  readonly shortAudio: 'fast' | 'exact'
  readonly channelMode: 'mix' | 'split'
  /** 'auto' only where chunks may be decoded together; 1 when conditioning was asked for. */
  readonly batchSize: number | 'auto'
  readonly seed: number
}
