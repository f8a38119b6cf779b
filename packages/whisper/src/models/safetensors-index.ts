import type { StoredTensor } from './ctranslate2-index.js'
import { DOWNLOAD_AGAIN, modelError } from './model-error.js'
import { BYTES_OF } from './stored-type.js'
import type { StoredType } from './stored-type.js'
import type { WeightFileReader } from './weight-file-reader.js'

const TYPES = new Map<unknown, StoredType>([
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
])
/** The format's own limit for its header, in bytes. */
const LONGEST_HEADER = 100_000_000

/** Reads the header of a safetensors file: eight bytes of length, then JSON. Tensors of other types than floats are left out. */
export async function indexSafetensors(
  file: WeightFileReader,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const damaged = (problem: string, byteOffset: number, cause?: unknown): Error =>
    modelError(file.path, `the file is damaged: ${problem}`, DOWNLOAD_AGAIN, { byteOffset, cause })
  const head = await file.read(0, 8)
  const length = Number(new DataView(head.buffer).getBigUint64(0, true))
  if (length > Math.min(LONGEST_HEADER, file.size - 8)) {
    throw damaged(`its header should have ${length} bytes, but ${file.size - 8} are left`, 0)
  }
  const start = 8 + length
  const text = new TextDecoder().decode(await file.read(8, length))
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch (cause) {
    throw damaged('its header is not JSON', 8, cause)
  }
  if (typeof header !== 'object' || header === null) throw damaged('its header is no object', 8)
  const tensors = new Map<string, StoredTensor>()
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__' || !TYPES.has(fieldOf(entry, 'dtype'))) continue
    const tensor = readEntry(entry, start, file.size)
    if (tensor === undefined) throw damaged(`the place of "${name}" makes no sense`, 8)
    tensors.set(name, tensor)
  }
  return tensors
}

/** Undefined when the entry does not describe bytes of this file. */
function readEntry(entry: unknown, start: number, fileSize: number): StoredTensor | undefined {
  const type = TYPES.get(fieldOf(entry, 'dtype'))
  const shape = wholeNumbers(fieldOf(entry, 'shape'))
  const [from, to, ...more] = wholeNumbers(fieldOf(entry, 'data_offsets')) ?? []
  if (type === undefined || shape === undefined || from === undefined || to === undefined) {
    return undefined
  }
  const bytes = shape.reduce((product, size) => product * size, BYTES_OF[type])
  if (more.length > 0 || to - from !== bytes || start + to > fileSize) return undefined
  return { type, shape, offset: start + from, bytes }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function wholeNumbers(value: unknown): readonly number[] | undefined {
  const isWhole = (item: unknown): item is number => Number.isSafeInteger(item) && Number(item) >= 0
  return Array.isArray(value) && value.every(isWhole) ? value : undefined
}
