import { join } from 'node:path'

import { usableAlignmentHeads } from './alignment-heads.js'
import { endOfTextBySize } from './end-of-text.js'
import { DOWNLOAD_AGAIN, modelError } from './model-error.js'
import { readModelJson } from './model-json.js'
import type { ModelJson } from './model-json.js'
import { checkSizes } from './model-shapes.js'
import type { ModelConfig } from './model-weights.js'

/** What `config.json` and, in newer folders, `generation_config.json` of Hugging Face say. */
export async function readHuggingFaceConfig(folder: string): Promise<ModelConfig> {
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
