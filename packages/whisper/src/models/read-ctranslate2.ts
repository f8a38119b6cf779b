import { join } from 'node:path'

import { usableAlignmentHeads } from './alignment-heads.js'
import { indexCTranslate2 } from './ctranslate2-index.js'
import type { StoredTensor } from './ctranslate2-index.js'
import { findEndOfText } from './end-of-text.js'
import { fingerprint } from './fingerprint.js'
import { DOWNLOAD_AGAIN, modelError } from './model-error.js'
import { readModelJson } from './model-json.js'
import { checkShapes, checkSizes } from './model-shapes.js'
import type { ModelConfig, ModelWeights, WeightTensor } from './model-weights.js'
import { toFloat32 } from './stored-type.js'
import { openWeightFile } from './weight-file-reader.js'
import type { WeightFileReader } from './weight-file-reader.js'

type Index = ReadonlyMap<string, StoredTensor>

/** Opens a folder made for faster-whisper: `model.bin`, `config.json`, `vocabulary.json` or `.txt`. */
export async function readCTranslate2(folder: string): Promise<ModelWeights> {
  const file = await openWeightFile(join(folder, 'model.bin'))
  try {
    const index = await indexCTranslate2(file)
    const config = await readConfig(folder, file, index)
    checkShapes(config, file.path, (name) => index.get(name)?.shape)
    const mark = await fingerprint(file, config)
    return {
      config,
      fingerprint: mark,
      tensor: async (name) => readTensor(file, index, name),
      close: async () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readConfig(
  folder: string,
  file: WeightFileReader,
  index: Index,
): Promise<ModelConfig> {
  const shape = (name: string, dimension: number): number => {
    const size = index.get(name)?.shape[dimension]
    if (size !== undefined) return size
    throw modelError(file.path, `"${name}" is missing or has no such dimension`, DOWNLOAD_AGAIN)
  }
  const heads = (await readTensor(file, index, 'encoder/num_heads')).data[0] ?? 0
  const layers = { encoder: countLayers(index, 'encoder'), decoder: countLayers(index, 'decoder') }
  const width = shape('encoder/conv1/weight', 0)
  checkSizes({ layers, heads, width }, file.path)
  const vocabulary = shape('decoder/embeddings/weight', 0)
  const json = await readModelJson(folder, 'config.json')
  return {
    layers,
    heads,
    width,
    mels: shape('encoder/conv1/weight', 1),
    vocabulary,
    audioContext: shape('encoder/position_encodings/encodings', 0),
    textContext: shape('decoder/position_encodings/encodings', 0),
    endOfText: await findEndOfText(folder, vocabulary),
    alignmentHeads: usableAlignmentHeads(json?.pairs('alignment_heads'), layers.decoder, heads),
    suppressIds: json?.ids('suppress_ids', vocabulary) ?? [],
    suppressIdsBegin: json?.ids('suppress_ids_begin', vocabulary) ?? [],
    languageIds: json?.ids('lang_ids', vocabulary) ?? [],
  }
}

function countLayers(index: Index, part: 'encoder' | 'decoder'): number {
  let layers = 0
  while (index.has(`${part}/layer_${layers}/self_attention/linear_0/weight`)) layers += 1
  return layers
}

async function readTensor(
  file: WeightFileReader,
  index: Index,
  name: string,
): Promise<WeightTensor> {
  const stored = index.get(name)
  if (stored === undefined) throw modelError(file.path, `"${name}" is missing`, DOWNLOAD_AGAIN)
  const data = toFloat32(stored.type, await file.read(stored.offset, stored.bytes))
  const scales = index.get(`${name}_scale`)
  if (scales !== undefined && (stored.type === 'int8' || stored.type === 'int16')) {
    const factors = toFloat32(scales.type, await file.read(scales.offset, scales.bytes))
    if (factors.length !== 1 && factors.length !== stored.shape[0]) {
      const problem = `"${name}" has ${factors.length} scales for ${stored.shape[0]} rows`
      throw modelError(file.path, problem, DOWNLOAD_AGAIN)
    }
    divideRows(data, factors)
  }
  return { shape: stored.shape, data }
}

/** CTranslate2 stores integers as value × scale, with one scale for each row (int8) or for all (int16). */
function divideRows(data: Float32Array, scales: Float32Array): void {
  const length = data.length / scales.length
  for (let row = 0; row < scales.length; row++) {
    const scale = scales[row]!
    for (let index = row * length; index < (row + 1) * length; index++) data[index]! /= scale
  }
}
