import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { load } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { afterAll } from 'vitest'

import { WhisperModel } from '../../src/index.js'
import type { WhisperModelOptions } from '../../src/index.js'
import type { GoldenTranscript } from './golden-transcripts.js'
import { modelFolder } from './models.js'

type ModelName = GoldenTranscript<unknown>['model']

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** The runs of faster-whisper in a file of test/golden, by name. */
export function readGolden<Golden>(name: string): Readonly<Record<string, Golden>> {
  return JSON.parse(readFileSync(file(`golden/${name}`), 'utf8')) as Record<string, Golden>
}

/** The samples that faster-whisper was given. */
export async function jfkSamples(): Promise<Float32Array> {
  return (await load(file('data/jfk-16k.flac'))).data
}

/** Gives models in float32, each loaded once, and closes them behind the tests of the file. */
export function openModels(
  optionsOf: (name: ModelName) => WhisperModelOptions = () => ({}),
): (name: ModelName) => Promise<WhisperModel> {
  const models = new Map<string, WhisperModel>()
  afterAll(async () => {
    await Promise.all([...models.values()].map((model) => model.close()))
  })
  return async (name) => {
    const known = models.get(name)
    if (known !== undefined) return known
    const options = { computeType: 'float32', ...optionsOf(name) } as const
    const model = await WhisperModel.load(modelFolder(name) ?? '', options)
    models.set(name, model)
    return model
  }
}
