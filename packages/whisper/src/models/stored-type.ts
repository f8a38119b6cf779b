import { fromBfloat16, fromFloat16 } from './half-float.js'

/** How a file stores numbers. */
export type StoredType = 'float32' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32'

/** Bytes of one number. */
export const BYTES_OF: Readonly<Record<StoredType, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  int16: 2,
  int32: 4,
}

/** Stored numbers as float32, little-endian as both formats write them. */
export function toFloat32(type: StoredType, bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const count = bytes.length / BYTES_OF[type]
  switch (type) {
    case 'float32':
      return new Float32Array(bytes.buffer, bytes.byteOffset, count)
    case 'float16':
      return fromFloat16(new Uint16Array(bytes.buffer, bytes.byteOffset, count))
    case 'bfloat16':
      return fromBfloat16(new Uint16Array(bytes.buffer, bytes.byteOffset, count))
    case 'int8':
      return Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, count))
    case 'int16':
      return Float32Array.from(new Int16Array(bytes.buffer, bytes.byteOffset, count))
    case 'int32':
      return Float32Array.from(new Int32Array(bytes.buffer, bytes.byteOffset, count))
  }
}
