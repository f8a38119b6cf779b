import ort from 'onnxruntime-node'
import type { Tensor } from 'onnxruntime-node'

/** Sizes of a model that the engine allocates by. */
export interface ModelShape {
  readonly decoderLayers: number
  readonly heads: number
  readonly headSize: number
}

/** What the decoder looks at: keys and values made of the encoder's output, once for a window. */
export interface CrossAttention {
  readonly audios: number
  /** Positions of the encoder, one for every 20 ms. */
  readonly positions: number
}

/** As the encoder gives it: keys are `[audios, heads, head size, positions]`, values `[audios, heads, positions, head size]`. */
export interface FloatCross extends CrossAttention {
  readonly tensors: Readonly<Record<string, Tensor>>
}

/** Memory for several windows side by side. */
export interface AudioSlots {
  /** Encodes the spectrogram of a window, `[mels, frames]`, into a place; it may be shorter than others, as `SpeechParts.encode` has it. */
  fill(place: number, mel: Float32Array, frames: number): Promise<void>
  /** The windows from `first` on; a view. */
  view(first: number, audios: number): CrossAttention
  /** Puts one window in the place of another. */
  move(from: number, to: number): void
}

/** Windows as the encoder gives them, for it to write into. */
export class FloatSlots {
  readonly positions: number
  readonly #shape: ModelShape
  /** Keys and values of layer 0, of layer 1, … */
  readonly #buffers: readonly Float32Array[]
  /** Numbers that a window has in each of them. */
  readonly #size: number

  constructor(shape: ModelShape, slots: number, positions: number) {
    const { decoderLayers, heads, headSize } = shape
    this.positions = positions
    this.#shape = shape
    this.#size = heads * headSize * positions
    this.#buffers = Array.from(
      { length: 2 * decoderLayers },
      () => new Float32Array(slots * this.#size),
    )
  }

  /** The windows from `first` on; a view. */
  view(first: number, audios: number): FloatCross {
    const { heads, headSize } = this.#shape
    const { positions } = this
    const tensors: Record<string, Tensor> = {}
    for (const [index, buffer] of this.#buffers.entries()) {
      const values = buffer.subarray(first * this.#size, (first + audios) * this.#size)
      const shape =
        index % 2 === 0
          ? [audios, heads, headSize, positions]
          : [audios, heads, positions, headSize]
      tensors[`cross_${'kv'[index % 2]}_${index >> 1}`] = new ort.Tensor('float32', values, shape)
    }
    return { audios, positions, tensors }
  }

  /** Puts one window in the place of another. */
  move(from: number, to: number): void {
    for (const buffer of this.#buffers) {
      buffer.copyWithin(to * this.#size, from * this.#size, (from + 1) * this.#size)
    }
  }
}

/** Keys (0) or values (1) of a layer. */
export function crossValues(cross: FloatCross, layer: number, kind: 0 | 1): Float32Array {
  const name = `cross_${'kv'[kind]}_${layer}`
  const data = cross.tensors[name]?.data
  if (!(data instanceof Float32Array)) throw new TypeError(`there is no ${name}`)
  return data
}
