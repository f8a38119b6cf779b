/** Element types of ONNX, as numbered in `TensorProto.DataType`. */
export const ONNX_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int64: 7,
  float16: 10,
} as const

/** Element type of a tensor in a graph. */
export type OnnxType = keyof typeof ONNX_TYPE

/** Numbers that a graph holds. float16 comes as its bits. */
export interface OnnxTensor {
  /** How the numbers are stored. */
  readonly type: OnnxType
  /** Size of each dimension; empty for a single number. */
  readonly shape: readonly number[]
  /** The numbers, row after row. */
  readonly data: Float32Array | Uint8Array | Int8Array | BigInt64Array | Uint16Array
}

/** The bytes of a tensor, little-endian. */
export function bytesOf({ data }: OnnxTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** A list of whole numbers, as shapes and axes are given. */
export function integers(...values: readonly number[]): OnnxTensor {
  return { type: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt) }
}
