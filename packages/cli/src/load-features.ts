import type { AudioData, Samples } from '@audiodecode/core'

import { CliError } from './cli-error.js'

/** A matrix of features, row after row. */
export interface FeatureMatrix {
  readonly data: Float32Array
  readonly shape: readonly [rows: number, frames: number]
}

/** What the functions of the package take. */
export interface FeatureCall {
  nMels?: number
  nMfcc?: number
  nFft?: number
  hopLength?: number
  fMin?: number
  fMax?: number
  inPlace?: boolean
  threads?: number
  signal?: AbortSignal
}

/** The part of `@audiodecode/features` that the command uses. */
export interface FeaturesModule {
  melSpectrogram(audio: AudioData | Samples, options: FeatureCall): Promise<FeatureMatrix>
  logMelSpectrogram(audio: AudioData | Samples, options: FeatureCall): Promise<FeatureMatrix>
  mfcc(audio: AudioData | Samples, options: FeatureCall): Promise<FeatureMatrix>
  streamMelSpectrogram(
    blocks: AsyncIterable<AudioData>,
    options: FeatureCall,
  ): AsyncIterable<FeatureMatrix>
}

const NAME = '@audiodecode/features'

/** The package, which is installed by those who want features. `command` names who needs it. */
export async function loadFeatures(command: string): Promise<FeaturesModule> {
  // In a variable, so that neither TypeScript nor a bundler insists on finding an optional package.
  const name = NAME
  try {
    return (await import(/* @vite-ignore */ name)) as FeaturesModule
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ERR_MODULE_NOT_FOUND') {
      throw new CliError(`${command} needs ${NAME}; run: npm i ${NAME}`, { cause: error })
    }
    throw error
  }
}
