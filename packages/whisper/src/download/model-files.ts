import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { onnxFiles } from '../models/onnx-files.js'

/** Files of every form of model that are read when they are there. */
const BESIDE_WEIGHTS: readonly RegExp[] = [
  /^config\.json$/u,
  /^preprocessor_config\.json$/u,
  /^tokenizer\.json$/u,
]
const TOKENIZERS = /^(?:tokenizer\.json|vocabulary\.(?:json|txt))$/u

/** The files to fetch out of all that a repository has, weights last; undefined when it has no weights that can be read. */
export function wantedFiles(names: readonly string[]): readonly string[] | undefined {
  const weights = weightFiles(names)
  if (weights === undefined) return undefined
  const isOfCTranslate2 = weights.includes('model.bin')
  const beside = [
    ...BESIDE_WEIGHTS,
    isOfCTranslate2 ? /^vocabulary\.[\w-]+$/u : /^generation_config\.json$/u,
  ]
  return [...names.filter((name) => beside.some((pattern) => pattern.test(name))), ...weights]
}

/** Files of weights, of the first form that is whole. */
function weightFiles(names: readonly string[]): readonly string[] | undefined {
  for (const name of ['model.bin', 'model.safetensors']) if (names.includes(name)) return [name]
  const index = 'model.safetensors.index.json'
  const parts = names.filter((name) => /^model-\d+-of-\d+\.safetensors$/u.test(name))
  if (names.includes(index) && parts.length > 0) return [index, ...parts]
  const onnx = onnxFiles(names)
  if (onnx === undefined) return undefined
  const graphs = [onnx.encoder, onnx.decoder]
  // Large exports keep their weights beside the graph.
  const isBeside = (name: string): boolean =>
    graphs.some((graph) => name === `${graph}_data` || name === `${graph}.data`)
  return [...names.filter(isBeside), ...graphs]
}

/** What a folder lacks of a model; null when nothing. Links to files that are gone count as missing. */
export async function missingOfModel(folder: string): Promise<string | null> {
  const names = await fileNames(folder)
  const weights = weightFiles(names)
  if (weights === undefined) return 'its weights'
  if (weights[0]?.endsWith('.index.json') === true) {
    const count = Number(/-of-(\d+)\./u.exec(weights[1] ?? '')?.[1])
    if (weights.length - 1 < count)
      return `${count - weights.length + 1} of its ${count} files of weights`
  }
  if (!names.includes('config.json')) return 'config.json'
  return names.some((name) => TOKENIZERS.test(name)) ? null : 'tokenizer.json'
}

async function fileNames(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const part of ['', 'onnx/']) {
    const names = await readdir(join(folder, part)).catch((): string[] => [])
    for (const name of names) if (await isFile(join(folder, part, name))) found.push(part + name)
  }
  return found
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
