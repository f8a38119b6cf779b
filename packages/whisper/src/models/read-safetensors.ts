import { createHash } from 'node:crypto'
import { join } from 'node:path'

import type { StoredTensor } from './ctranslate2-index.js'
import { fingerprint } from './fingerprint.js'
import { readHuggingFaceConfig } from './hugging-face-config.js'
import { DOWNLOAD_AGAIN, modelError } from './model-error.js'
import { readModelJson } from './model-json.js'
import { checkShapes } from './model-shapes.js'
import type { ModelWeights } from './model-weights.js'
import { PartedWeights } from './parted-weights.js'
import type { NamedWeights } from './parted-weights.js'
import { indexSafetensors } from './safetensors-index.js'
import { toFloat32 } from './stored-type.js'
import { openWeightFile } from './weight-file-reader.js'
import type { WeightFileReader } from './weight-file-reader.js'

const INDEX = 'model.safetensors.index.json'

/** Opens a folder of Hugging Face's: `config.json` and `model.safetensors`, or its parts with their index. */
export async function readSafetensors(folder: string): Promise<ModelWeights> {
  const config = await readHuggingFaceConfig(folder)
  const files: WeightFileReader[] = []
  const close = async (): Promise<void> => {
    for (const file of files) await file.close()
  }
  try {
    for (const name of await fileNames(folder)) files.push(await openWeightFile(join(folder, name)))
    const weights = new PartedWeights(await namedWeights(folder, files), config.width)
    checkShapes(config, files[0]?.path ?? folder, (name) => weights.shape(name))
    const marks = await Promise.all(files.map(async (file) => fingerprint(file, config)))
    return { config, fingerprint: joined(marks), tensor: async (name) => weights.read(name), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** One file, or those that the index names. */
async function fileNames(folder: string): Promise<readonly string[]> {
  const index = await readModelJson(folder, INDEX)
  if (index === undefined) return ['model.safetensors']
  const map = index.get('weight_map')
  const names = typeof map === 'object' && map !== null ? Object.values(map) : []
  const isPart = (name: unknown): name is string =>
    typeof name === 'string' && /^[\w.-]+\.safetensors$/u.test(name)
  if (names.length > 0 && names.every(isPart)) return [...new Set(names)].toSorted()
  throw modelError(index.path, 'its "weight_map" names no files of weights', DOWNLOAD_AGAIN)
}

async function namedWeights(
  folder: string,
  files: readonly WeightFileReader[],
): Promise<NamedWeights> {
  const tensors = new Map<string, StoredTensor & { file: WeightFileReader }>()
  for (const file of files) {
    for (const [name, tensor] of await indexSafetensors(file))
      tensors.set(name, { ...tensor, file })
  }
  const prefix = tensors.has('model.encoder.conv1.weight') ? 'model.' : ''
  return {
    path: files.length === 1 ? (files[0]?.path ?? folder) : folder,
    shape: (name) => tensors.get(prefix + name)?.shape,
    async read(name) {
      const stored = tensors.get(prefix + name)
      if (stored === undefined) throw new RangeError(`there is no "${name}"`)
      return toFloat32(stored.type, await stored.file.read(stored.offset, stored.bytes))
    },
  }
}

function joined(marks: readonly string[]): string {
  if (marks.length === 1) return marks[0] ?? ''
  return createHash('sha256').update(marks.join()).digest('hex')
}
