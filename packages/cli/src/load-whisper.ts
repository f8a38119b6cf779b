import type {
  AudioInput,
  AudioData,
  TranscribeOptions,
  TranscriptionResult,
  Word,
} from '@audiodecode/core'

import { CliError } from './cli-error.js'
import type { Downloaded } from './download-lines.js'

/** The part of `@audiodecode/whisper` that the command uses. */
export interface WhisperModule {
  readonly WhisperModel: {
    load(
      model: string,
      options: {
        computeType?: string
        threads?: number
        signal?: AbortSignal
        onProgress?: (progress: Downloaded) => void
      },
    ): Promise<LoadedModel>
  }
  toSrt(result: TranscriptionResult, options?: object): string
  toVtt(result: TranscriptionResult, options?: object): string
  toTsv(result: TranscriptionResult): string
  toJson(result: TranscriptionResult): string
  toText(result: TranscriptionResult): string
}

/** A model that is ready. */
export interface LoadedModel {
  readonly runtime: { readonly computeType: string; readonly threads: number }
  transcribe(
    input: AudioInput | AudioData,
    options: TranscribeOptions,
  ): Promise<TranscriptionResult>
  stream(
    samples: AsyncIterable<Float32Array>,
    options: TranscribeOptions,
  ): AsyncIterable<{ readonly final: boolean; readonly words: readonly Word[] }>
  close(): Promise<void>
}

const NAME = '@audiodecode/whisper'

/** The package, which is installed by those who transcribe. */
export async function loadWhisper(): Promise<WhisperModule> {
  // In a variable, so that neither TypeScript nor a bundler insists on finding an optional package.
  const name = NAME
  try {
    return (await import(/* @vite-ignore */ name)) as WhisperModule
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ERR_MODULE_NOT_FOUND') {
      throw new CliError(`transcribe needs ${NAME}; run: npm i ${NAME}`, { cause: error })
    }
    throw error
  }
}
