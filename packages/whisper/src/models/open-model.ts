import { readdir } from 'node:fs/promises'

import { modelError } from './model-error.js'
import type { ModelWeights } from './model-weights.js'
import { readCTranslate2 } from './read-ctranslate2.js'

const WANTED =
  'Name a folder that holds a CTranslate2 model (model.bin, config.json) or a Hugging Face model (model.safetensors, config.json).'

/** Opens the model in a folder, by what the folder holds. ERR_MODEL when that is no Whisper model that can be read. */
export async function openModel(folder: string): Promise<ModelWeights> {
  let names: readonly string[]
  try {
    names = await readdir(folder)
  } catch (cause) {
    throw modelError(folder, 'the model folder cannot be read', WANTED, { cause })
  }
  if (names.includes('model.bin')) return readCTranslate2(folder)
  throw modelError(folder, 'there is no model in this folder', WANTED)
}
