/**
 * How a compiled model computes: exactly; or with 8-bit weights, which is faster on processors and about as accurate as
 * CTranslate2's int8; or with weights and products in half precision, for graphics cards.
 */
export type ComputeType = 'float32' | 'int8' | 'float16'

/**
 * Whether the decoder works out the keys and values of the audio by itself, at every step, instead of getting them from the encoder.
 * A graphics card does that in less time than it takes to hand them over, which onnxruntime-node does at every step: 1,500 positions of
 * large-v3 are 491 MB as keys and values, and 8 MB as what they are made of.
 */
export function makesOwnKeys(computeType: ComputeType): boolean {
  return computeType === 'float16'
}
