import ort from 'onnxruntime-node'
import type { Tensor } from 'onnxruntime-node'

import type { CrossPart } from './graph-layout.js'

/** Sizes of a model that the engine allocates by. */
export interface ModelShape {
  readonly decoderLayers: number
  readonly heads: number
  readonly headSize: number
}

/** What the decoder looks at: the encoder's output, or keys and values made of it once for a window. */
export interface CrossAttention {
  readonly audios: number
  /** Positions of the encoder, one for every 20 ms. */
  readonly positions: number
}

/** As the encoder gives it: the tensors of a `CrossPart` layout. */
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
  readonly #layout: readonly CrossPart[]
  /** One for each part of the layout. */
  readonly #buffers: readonly Float32Array[]

  constructor(layout: readonly CrossPart[], slots: number, positions: number) {
    this.positions = positions
    this.#layout = layout
    this.#buffers = layout.map(
      ({ rows, size }) => new Float32Array(slots * rows * size * positions),
    )
  }

  /** The windows from `first` on; a view. */
  view(first: number, audios: number): FloatCross {
    const { positions } = this
    const tensors: Record<string, Tensor> = {}
    for (const { name, dims, length, buffer } of this.#parts()) {
      const values = buffer.subarray(first * length, (first + audios) * length)
      tensors[name] = new ort.Tensor('float32', values, dims(audios, positions))
    }
    return { audios, positions, tensors }
  }

  /** Puts one window in the place of another. */
  move(from: number, to: number): void {
    for (const { buffer, length } of this.#parts()) {
      buffer.copyWithin(to * length, from * length, (from + 1) * length)
    }
  }

  /** With the numbers that a window has in each. */
  #parts(): readonly (CrossPart & { readonly length: number; readonly buffer: Float32Array })[] {
    return this.#layout.map((part, index) => {
      const buffer = this.#buffers[index] ?? new Float32Array()
      return { ...part, buffer, length: part.rows * part.size * this.positions }
    })
  }
}

/** The numbers of a tensor. */
export function crossValues(cross: FloatCross, name: string): Float32Array {
  const data = cross.tensors[name]?.data
  if (!(data instanceof Float32Array)) throw new TypeError(`there is no ${name}`)
  return data
}
