import { join } from 'node:path'

import { usableAlignmentHeads } from './alignment-heads.js'
import type { StoredTensor } from './ctranslate2-index.js'
import { endOfTextBySize } from './end-of-text.js'
import { fingerprint } from './fingerprint.js'
import { huggingFaceParts } from './hugging-face-names.js'
import { DOWNLOAD_AGAIN, modelError } from './model-error.js'
import { readModelJson } from './model-json.js'
import type { ModelJson } from './model-json.js'
import { checkShapes, checkSizes } from './model-shapes.js'
import type { ModelConfig, ModelWeights, WeightTensor } from './model-weights.js'
import { indexSafetensors } from './safetensors-index.js'
import { BYTES_OF, toFloat32 } from './stored-type.js'
import { openWeightFile } from './weight-file-reader.js'
import type { WeightFileReader } from './weight-file-reader.js'

/** Opens a folder of Hugging Face's: `model.safetensors`, `config.json` and, in newer ones, `generation_config.json`. */
export async function readSafetensors(folder: string): Promise<ModelWeights> {
  const config = await readConfig(folder)
  const file = await openWeightFile(join(folder, 'model.safetensors'))
  try {
    const weights = new PartedWeights(file, await indexSafetensors(file), config.width)
    checkShapes(config, file.path, (name) => weights.shape(name))
    const mark = await fingerprint(file, config)
    return {
      config,
      fingerprint: mark,
      tensor: async (name) => weights.read(name),
      close: async () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readConfig(folder: string): Promise<ModelConfig> {
  const json = await readModelJson(folder, 'config.json')
  if (json?.get('model_type') !== 'whisper') {
    const found = json === undefined ? 'there is no config.json' : 'this is not a Whisper model'
    throw modelError(join(folder, 'config.json'), found, 'Name the folder of a Whisper model.')
  }
  const needed = (name: string): number => {
    const value = json.number(name)
    if (value !== undefined) return value
    throw modelError(json.path, `"${name}" is missing`, DOWNLOAD_AGAIN)
  }
  const generation = await readModelJson(folder, 'generation_config.json')
  const vocabulary = needed('vocab_size')
  const heads = needed('decoder_attention_heads')
  const layers = { encoder: needed('encoder_layers'), decoder: needed('decoder_layers') }
  const width = needed('d_model')
  checkSizes({ layers, heads, width }, json.path)
  const tokens = (name: string): readonly number[] =>
    generation?.ids(name, vocabulary) ?? json.ids(name, vocabulary) ?? []
  const end = generation?.number('eos_token_id') ?? json.number('eos_token_id')
  return {
    layers,
    heads,
    width,
    mels: needed('num_mel_bins'),
    vocabulary,
    audioContext: needed('max_source_positions'),
    textContext: needed('max_target_positions'),
    endOfText: end ?? endOfTextBySize(vocabulary),
    alignmentHeads: usableAlignmentHeads(
      generation?.pairs('alignment_heads'),
      layers.decoder,
      heads,
    ),
    suppressIds: tokens('suppress_tokens'),
    suppressIdsBegin: tokens('begin_suppress_tokens'),
    languageIds: languageIds(generation, vocabulary),
  }
}

function languageIds(generation: ModelJson | undefined, vocabulary: number): readonly number[] {
  const languages = generation?.get('lang_to_id')
  if (typeof languages !== 'object' || languages === null) return []
  const isId = (id: unknown): id is number => Number.isSafeInteger(id) && Number(id) < vocabulary
  return Object.values(languages)
    .filter(isId)
    .toSorted((a, b) => a - b)
}

/** Hugging Face keeps queries, keys and values apart; here they become one weight again. */
class PartedWeights {
  readonly #file: WeightFileReader
  readonly #index: ReadonlyMap<string, StoredTensor>
  readonly #width: number
  readonly #prefix: string

  constructor(file: WeightFileReader, index: ReadonlyMap<string, StoredTensor>, width: number) {
    this.#file = file
    this.#index = index
    this.#width = width
    this.#prefix = index.has('model.encoder.conv1.weight') ? 'model.' : ''
  }

  /** Undefined when a part is missing. */
  shape(name: string): readonly number[] | undefined {
    let rows = 0
    let rest: readonly number[] = []
    for (const part of huggingFaceParts(name) ?? [undefined]) {
      const shape = part === null ? [this.#width] : this.#find(part)?.shape
      if (shape === undefined) return undefined
      rows += shape[0] ?? 0
      rest = shape.slice(1)
    }
    return [rows, ...rest]
  }

  async read(name: string): Promise<WeightTensor> {
    const shape = this.shape(name)
    if (shape === undefined) {
      throw modelError(this.#file.path, `"${name}" is missing`, DOWNLOAD_AGAIN)
    }
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1))
    let at = 0
    for (const part of huggingFaceParts(name) ?? []) {
      const stored = this.#find(part)
      if (stored !== undefined) {
        data.set(toFloat32(stored.type, await this.#file.read(stored.offset, stored.bytes)), at)
      }
      at += stored === undefined ? this.#width : stored.bytes / BYTES_OF[stored.type]
    }
    return { shape, data }
  }

  #find(part: string | null | undefined): StoredTensor | undefined {
    return part === null || part === undefined ? undefined : this.#index.get(this.#prefix + part)
  }
}
