import ort from 'onnxruntime-node'
import type { Tensor } from 'onnxruntime-node'

/** Sizes of a model that the engine allocates by. */
export interface ModelShape {
  readonly decoderLayers: number
  readonly heads: number
  readonly headSize: number
}

/**
 * What the decoder looks at: keys and values made of the encoder's output, once for a window. Keys are `[audios, heads, head
 * size, positions]`, values `[audios, heads, positions, head size]`.
 */
export class CrossAttention {
  readonly audios: number
  /** Positions of the encoder, one for every 20 ms. */
  readonly positions: number
  readonly tensors: Readonly<Record<string, Tensor>>

  /** Memory for `audios` windows of `positions`, for the encoder to write into. */
  constructor(shape: ModelShape, audios: number, positions: number) {
    this.audios = audios
    this.positions = positions
    const { decoderLayers, heads, headSize } = shape
    const size = audios * heads * headSize * positions
    const tensors: Record<string, Tensor> = {}
    for (let layer = 0; layer < decoderLayers; layer++) {
      const keys = [audios, heads, headSize, positions]
      const values = [audios, heads, positions, headSize]
      tensors[`cross_k_${layer}`] = new ort.Tensor('float32', new Float32Array(size), keys)
      tensors[`cross_v_${layer}`] = new ort.Tensor('float32', new Float32Array(size), values)
    }
    this.tensors = tensors
  }
}
