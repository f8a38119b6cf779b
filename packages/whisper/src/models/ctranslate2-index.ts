import { DOWNLOAD_AGAIN, modelError } from './model-error.js'
import { BYTES_OF } from './stored-type.js'
import type { StoredType } from './stored-type.js'
import type { WeightFileReader } from './weight-file-reader.js'

/** Where in the file a weight lies and how it is stored. */
export interface StoredTensor {
  /** How the numbers are stored. */
  readonly type: StoredType
  /** Size of each dimension; empty for a single number. */
  readonly shape: readonly number[]
  /** First byte of the data. */
  readonly offset: number
  /** Length of the data. */
  readonly bytes: number
}

/** CTranslate2's DataType, in its order. */
const TYPES: readonly StoredType[] = ['float32', 'int8', 'int16', 'int32', 'float16', 'bfloat16']
/** Oldest layout read here is CTranslate2 1.17's, before Whisper; newest is 4's. */
const VERSIONS = { oldest: 4, newest: 6 }
/** Whisper has about 1,300 variables in its largest form. */
const MOST_VARIABLES = 100_000
const MOST_DIMENSIONS = 8

/** Reads the head of each variable of a CTranslate2 `model.bin`, not the weights themselves. */
export async function indexCTranslate2(
  file: WeightFileReader,
): Promise<ReadonlyMap<string, StoredTensor>> {
  const cursor = new Cursor(file)
  const version = await cursor.number(4)
  if (version < VERSIONS.oldest || version > VERSIONS.newest) {
    throw modelError(
      file.path,
      `this is not a CTranslate2 model of binary version ${VERSIONS.oldest} to ${VERSIONS.newest} (the file says ${version})`,
      'Use a folder made for faster-whisper, or convert the model again with CTranslate2 4.',
    )
  }
  const architecture = await cursor.text()
  if (architecture !== 'WhisperSpec') {
    const problem = `this is a CTranslate2 model of another kind (${JSON.stringify(architecture.slice(0, 40))})`
    throw modelError(file.path, problem, 'Name the folder of a Whisper model.')
  }
  await cursor.number(4)
  const tensors = new Map<string, StoredTensor>()
  const variables = cursor.count(await cursor.number(4), MOST_VARIABLES, 'variables')
  for (let index = 0; index < variables; index++) {
    const name = await cursor.text()
    tensors.set(name, await readVariable(cursor, name))
  }
  const aliases = cursor.count(await cursor.number(4), MOST_VARIABLES, 'aliases')
  for (let index = 0; index < aliases; index++) {
    const alias = await cursor.text()
    const target = tensors.get(await cursor.text())
    if (target === undefined) throw cursor.error(`"${alias}" stands for a weight that is not there`)
    tensors.set(alias, target)
  }
  return tensors
}

async function readVariable(cursor: Cursor, name: string): Promise<StoredTensor> {
  const dimensions = cursor.count(await cursor.number(1), MOST_DIMENSIONS, 'dimensions')
  const shape: number[] = []
  for (let index = 0; index < dimensions; index++) shape.push(await cursor.number(4))
  const code = await cursor.number(1)
  const type = TYPES[code]
  if (type === undefined) throw cursor.error(`"${name}" has the unknown type ${code}`)
  const bytes = await cursor.number(4)
  const expected = shape.reduce((product, size) => product * size, BYTES_OF[type])
  if (bytes !== expected) {
    throw cursor.error(`"${name}" has ${bytes} bytes where its shape makes ${expected}`)
  }
  return { type, shape, offset: cursor.skip(bytes, name), bytes }
}

/** Reads small fields one after the other, through a window of a few kilobytes. */
class Cursor {
  readonly #file: WeightFileReader
  #position = 0
  #window = new Uint8Array(0)
  #windowStart = 0

  constructor(file: WeightFileReader) {
    this.#file = file
  }

  async number(length: 1 | 2 | 4): Promise<number> {
    const bytes = await this.#take(length)
    let value = 0
    for (let index = length - 1; index >= 0; index--) value = value * 256 + bytes[index]!
    return value
  }

  /** Length in two bytes, then text that ends with a zero byte. */
  async text(): Promise<string> {
    const length = await this.number(2)
    const bytes = await this.#take(length)
    if (length === 0 || bytes[length - 1] !== 0) throw this.error('a name does not end with 0')
    return new TextDecoder().decode(bytes.subarray(0, length - 1))
  }

  /** Passes over the data of a variable. @returns its first byte. */
  skip(bytes: number, name: string): number {
    const start = this.#position
    const left = this.#file.size - start
    if (bytes > left) {
      throw this.error(`"${name}" should have ${bytes} bytes, but ${left} are left`)
    }
    this.#position += bytes
    return start
  }

  count(value: number, most: number, what: string): number {
    if (value > most) throw this.error(`${value} ${what} are more than a Whisper model can have`)
    return value
  }

  error(problem: string): Error {
    return modelError(this.#file.path, `the file is damaged: ${problem}`, DOWNLOAD_AGAIN, {
      byteOffset: this.#position,
    })
  }

  async #take(length: number): Promise<Uint8Array> {
    const start = this.#position
    if (start + length > this.#file.size) {
      throw this.error(`it ends at byte ${this.#file.size}, in the middle of its index`)
    }
    const { size } = this.#file
    if (start < this.#windowStart || start + length > this.#windowStart + this.#window.length) {
      this.#window = await this.#file.read(start, Math.min(Math.max(length, 4096), size - start))
      this.#windowStart = start
    }
    this.#position += length
    return this.#window.subarray(start - this.#windowStart, start - this.#windowStart + length)
  }
}
