import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { modelError } from './model-error.js'
import type { ModelWeights } from './model-weights.js'
import { onnxFiles } from './onnx-files.js'
import { readCTranslate2 } from './read-ctranslate2.js'
import { readOnnx } from './read-onnx.js'
import { readSafetensors } from './read-safetensors.js'

const WANTED =
  'Name a folder that holds a CTranslate2 model (model.bin, config.json), a Hugging Face model (model.safetensors, config.json) or an ONNX export (encoder_model.onnx, decoder_model.onnx, config.json).'

/** Weights that are recognised, but not read, by the names of their files. */
const NOT_READ: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /\.onnx$/u,
    'an ONNX export, but not encoder_model.onnx and decoder_model.onnx (or those that end in _merged or _fp16); quantised ones cannot be read',
  ],
  [
    /^model-\d+-of-\d+\.safetensors$/u,
    'a model in several safetensors files without model.safetensors.index.json',
  ],
  [/^pytorch_model.*\.bin$/u, 'a PyTorch model'],
  [/\.pt$/u, 'a PyTorch model'],
  [/^ggml-.+\.bin$/u, 'a model for whisper.cpp'],
]

/** Opens the model in a folder, by what the folder holds. ERR_MODEL when that is no Whisper model that can be read. */
export async function openModel(folder: string): Promise<ModelWeights> {
  let names: readonly string[]
  try {
    names = await readdir(folder)
    if (names.includes('onnx')) {
      const inner = await readdir(join(folder, 'onnx')).catch((): string[] => [])
      names = [...names, ...inner.map((name) => `onnx/${name}`)]
    }
  } catch (cause) {
    throw modelError(folder, 'the model folder cannot be read', WANTED, { cause })
  }
  if (names.includes('model.bin')) return readCTranslate2(folder)
  if (names.includes('model.safetensors') || names.includes('model.safetensors.index.json')) {
    return readSafetensors(folder)
  }
  const onnx = onnxFiles(names)
  if (onnx !== undefined) return readOnnx(folder, onnx)
  const other = NOT_READ.find(([pattern]) => names.some((name) => pattern.test(name)))
  const found = other === undefined ? 'no model' : other[1]
  throw modelError(folder, `there is ${found} in this folder`, WANTED)
}
