/**
 * How a compiled model computes: exactly; or with 8-bit weights, which is faster on processors and about as accurate as
 * CTranslate2's int8; or in half precision, for graphics cards.
 */
export type ComputeType = 'float32' | 'int8' | 'float16'

/** Whether a model's decoder is that for graphics cards (`buildHalfDecoder`), which works out keys and values of the audio by itself. */
export function makesOwnKeys(computeType: ComputeType): boolean {
  return computeType === 'float16'
}
