import type { Segment, TranscribeProgress } from '@audiodecode/core'

import type { ComputeType } from '../compiler/compile-model.js'
import type { ModelConfig } from '../models/model-weights.js'
import type { Listened, ListenRequest } from '../streaming/heard-word.js'
import type { HeardChunk } from '../transcribe/heard-chunk.js'
import type { ResolvedOptions } from '../transcribe/options.js'
import type { AudioChunk } from '../transcribe/plan-chunks.js'

/** What a worker is started with. */
export interface WorkerSetup {
  /** Folder of the model. */
  readonly folder: string
  readonly computeType: ComputeType
  readonly device: 'cpu' | 'cuda'
  /** Where compiled graphs lie; undefined: the usual place. */
  readonly cacheDirectory: string | undefined
  readonly threads: number
}

/** What is to be done. */
export type Task =
  /** Window after window. */
  | { readonly kind: 'transcribe'; readonly options: ResolvedOptions; readonly frames: number }
  | { readonly kind: 'detect-language'; readonly frames: number }
  /** Cuts the audio into chunks that can be decoded at the same time; tells the language first. */
  | { readonly kind: 'plan'; readonly options: ResolvedOptions; readonly frames: number }
  /** Decodes chunks of such a plan. */
  | {
      readonly kind: 'hear'
      readonly options: ResolvedOptions
      readonly language: string
      /** Chunks at the same time. */
      readonly most: number
    }
  /** How likely somebody speaks. */
  | { readonly kind: 'voice'; readonly samples: Float32Array }
  /** A hypothesis about live audio. */
  | {
      readonly kind: 'listen'
      readonly samples: Float32Array
      readonly request: ListenRequest
      readonly options: ResolvedOptions
    }

/** What a task is given bit by bit. */
export type TaskInput =
  | { readonly kind: 'samples'; readonly samples: Float32Array }
  | { readonly kind: 'chunk'; readonly chunk: AudioChunk }
  /** So many chunks of the plan were decoded: more may be cut. */
  | { readonly kind: 'decoded'; readonly chunks: number }
  /** Nothing more comes of samples or chunks. */
  | { readonly kind: 'end' }

/** What the main thread says. */
export type ToWorker =
  | { readonly kind: 'start'; readonly job: number; readonly task: Task }
  | { readonly kind: 'input'; readonly job: number; readonly input: TaskInput }
  | { readonly kind: 'cancel'; readonly job: number }
  | { readonly kind: 'close' }

/** The language of the audio, given or detected. */
export interface SpokenLanguage {
  /** Code, e.g. 'en'. */
  readonly language: string
  /** 0 to 1. */
  readonly probability: number
  /** Of each language that the model knows. */
  readonly all: Readonly<Record<string, number>>
}

/** What the worker says of a job. */
export type JobMessage =
  | ({ readonly kind: 'language' } & SpokenLanguage)
  | { readonly kind: 'segment'; readonly segment: Segment }
  | { readonly kind: 'voice'; readonly probabilities: Float32Array }
  | { readonly kind: 'listened'; readonly listened: Listened }
  | { readonly kind: 'progress'; readonly progress: TranscribeProgress }
  /** Samples arrived: more may be sent. */
  | { readonly kind: 'took' }
  | { readonly kind: 'planned'; readonly chunk: AudioChunk }
  | { readonly kind: 'heard'; readonly chunk: HeardChunk }
  | { readonly kind: 'done'; readonly speechSeconds: number }
  | { readonly kind: 'failed'; readonly error: SentError }

/** What the worker says. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly config: ModelConfig }
  | { readonly kind: 'unusable'; readonly error: SentError }
  | { readonly kind: 'job'; readonly job: number; readonly message: JobMessage }

/** An error on its way between threads, which would lose what makes it ours. */
export interface SentError {
  readonly name: string
  readonly message: string
  /** The code of an AudioDecodeError. */
  readonly code: string | undefined
}
