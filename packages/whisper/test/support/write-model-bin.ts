import { toFloat16 } from '../../src/models/half-float.js'

/** A variable of a CTranslate2 model: its numbers as they are stored. */
export interface Variable {
  readonly shape: readonly number[]
  readonly data: Float32Array | Int8Array | Int16Array | Uint16Array
}

/** CTranslate2's DataType by the array that holds it; half-precision numbers come as their bits. */
const TYPE_CODES = new Map<unknown, number>([
  [Float32Array, 0],
  [Int8Array, 1],
  [Int16Array, 2],
  [Uint16Array, 4],
])

/** What a file says besides its variables. */
export interface ModelBinOptions {
  readonly version?: number
  readonly architecture?: string
  readonly aliases?: readonly (readonly [alias: string, target: string])[]
}

/** A CTranslate2 `model.bin` of binary version 6. */
export function modelBin(
  variables: ReadonlyMap<string, Variable>,
  { version = 6, architecture = 'WhisperSpec', aliases = [] }: ModelBinOptions = {},
): Uint8Array {
  const parts: Uint8Array[] = []
  const number = (value: number, length: number): void => {
    parts.push(Uint8Array.from({ length }, (_, index) => Math.floor(value / 256 ** index) % 256))
  }
  const text = (value: string): void => {
    const bytes = new TextEncoder().encode(`${value}\0`)
    number(bytes.length, 2)
    parts.push(bytes)
  }
  number(version, 4)
  text(architecture)
  number(3, 4)
  number(variables.size, 4)
  for (const [name, { shape, data }] of variables) {
    text(name)
    number(shape.length, 1)
    for (const size of shape) number(size, 4)
    number(TYPE_CODES.get(data.constructor)!, 1)
    number(data.byteLength, 4)
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
  number(aliases.length, 4)
  for (const [alias, target] of aliases) {
    text(alias)
    text(target)
  }
  return Uint8Array.from(Buffer.concat(parts))
}

/** How `model.bin` stores its matrices. */
export type Storage = 'float32' | 'float16' | 'int8'

/** Variables of a weight, stored in one of CTranslate2's ways: vectors are never quantised. */
export function storedAs(
  storage: Storage,
  name: string,
  shape: readonly number[],
  data: Float32Array,
): readonly (readonly [string, Variable])[] {
  if (storage === 'float16') return [[name, { shape, data: toFloat16(data) }]]
  if (storage === 'float32' || shape.length !== 2) return [[name, { shape, data }]]
  const [rows = 0, columns = 0] = shape
  const scales = Float32Array.from({ length: rows }, (_, row) => {
    const sizes = data.subarray(row * columns, (row + 1) * columns).map(Math.abs)
    return 127 / Math.max(...sizes)
  })
  const integers = Int8Array.from(data, (value, at) =>
    Math.round(value * scales[Math.floor(at / columns)]!),
  )
  return [
    [name, { shape, data: integers }],
    [`${name}_scale`, { shape: [rows], data: scales }],
  ]
}
