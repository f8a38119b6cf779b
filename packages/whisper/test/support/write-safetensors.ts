import { toFloat16 } from '../../src/models/half-float.js'

/** Types of numbers that safetensors files of Whisper hold. */
export type SafetensorsType = 'F32' | 'F16' | 'BF16'

/** A weight. */
export interface NamedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** The bytes of a safetensors file. */
export function safetensors(tensors: readonly NamedTensor[], dtype: SafetensorsType): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  const parts: Uint8Array[] = []
  let offset = 0
  for (const { name, shape, data } of tensors) {
    const bytes = encode(data, dtype)
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] }
    parts.push(bytes)
    offset += bytes.length
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true)
  return Uint8Array.from(Buffer.concat([length, json, ...parts]))
}

function encode(data: Float32Array, dtype: SafetensorsType): Uint8Array {
  if (dtype === 'F16') return new Uint8Array(toFloat16(data).buffer)
  if (dtype === 'F32') return new Uint8Array(Float32Array.from(data).buffer)
  // The upper halves; what is cut off is no matter here.
  return new Uint8Array(
    Uint16Array.from(new Uint32Array(Float32Array.from(data).buffer), (bits) => bits >>> 16).buffer,
  )
}
