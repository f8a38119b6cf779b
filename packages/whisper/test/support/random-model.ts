import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expectedShapes } from '../../src/models/model-shapes.js'
import type { ModelConfig } from '../../src/models/model-weights.js'
import { modelBin, storedAs } from './write-model-bin.js'
import type { Storage, Variable } from './write-model-bin.js'

/** A Whisper model of two heads and two layers, with a vocabulary of 40 letters and 20 special tokens. */
export const randomConfig: ModelConfig = {
  layers: { encoder: 2, decoder: 2 },
  heads: 2,
  width: 128,
  mels: 80,
  vocabulary: 60,
  audioContext: 50,
  textContext: 32,
  endOfText: 40,
  alignmentHeads: [
    [0, 1],
    [1, 0],
  ],
  suppressIds: [1, 2],
  suppressIdsBegin: [3, 40],
  languageIds: [42, 43],
}

/** Weights by CTranslate2's names: the same numbers at every call. */
export function randomWeights(
  config: ModelConfig = randomConfig,
): ReadonlyMap<string, Float32Array> {
  let state = 1
  const random = (): number => {
    // Park and Miller's generator; enough for weights.
    state = (state * 48_271) % 2_147_483_647
    return state / 1_073_741_823.5 - 1
  }
  const weights = new Map<string, Float32Array>()
  for (const [name, shape] of expectedShapes(config)) {
    const isGamma = name.endsWith('/gamma')
    // Rows of about unit length, so that neither softmax nor Gelu is always at its end.
    const spread =
      shape.length === 1 ? 0.3 : 2 / Math.sqrt(shape.at(-1)! * (shape.length === 3 ? shape[1]! : 1))
    const length = shape.reduce((product, size) => product * size, 1)
    const data = Float32Array.from({ length }, () => (isGamma ? 1 : 0) + spread * random())
    weights.set(name, data)
  }
  // Whisper's keys have no bias; CTranslate2 stores zeros.
  for (const [name, data] of weights) {
    if (name.endsWith('/self_attention/linear_0/bias')) data.fill(0, config.width, 2 * config.width)
    if (name.endsWith('/attention/linear_1/bias')) data.fill(0, 0, config.width)
  }
  return weights
}

/** What `model.bin` says besides weights. */
function switches(config: ModelConfig): readonly (readonly [string, Variable])[] {
  const heads = { shape: [], data: Int16Array.of(config.heads) }
  const yes = { shape: [], data: Int8Array.of(1) }
  return [
    ['encoder/num_heads', heads],
    ['decoder/num_heads', heads],
    ['decoder/pre_norm', yes],
  ]
}

/** The bytes of the model's `model.bin`. */
export function randomModelBin(
  storage: Storage = 'float32',
  config: ModelConfig = randomConfig,
): Uint8Array {
  const shapes = expectedShapes(config)
  const variables = new Map(switches(config))
  for (const [name, data] of randomWeights(config)) {
    for (const [part, variable] of storedAs(storage, name, shapes.get(name)!, data)) {
      variables.set(part, variable)
    }
  }
  const table = 'decoder/embeddings/weight'
  const aliases: [string, string][] = [['decoder/projection/weight', table]]
  if (storage === 'int8') aliases.push(['decoder/projection/weight_scale', `${table}_scale`])
  return modelBin(variables, { aliases })
}

/** Writes the model as a folder of faster-whisper. @returns The folder. */
export function writeRandomModel(folder: string, storage: Storage = 'float32'): string {
  const { alignmentHeads, suppressIds, suppressIdsBegin, languageIds } = randomConfig
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'model.bin'), randomModelBin(storage))
  const config = {
    alignment_heads: alignmentHeads,
    suppress_ids: suppressIds,
    suppress_ids_begin: suppressIdsBegin,
    lang_ids: languageIds,
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'vocabulary.json'), JSON.stringify(randomVocabulary()))
  return folder
}

function randomVocabulary(): readonly string[] {
  const { endOfText, vocabulary } = randomConfig
  return Array.from({ length: vocabulary }, (_, id) =>
    id === endOfText ? '<|endoftext|>' : id < endOfText ? `t${id}` : `<|s${id}|>`,
  )
}
