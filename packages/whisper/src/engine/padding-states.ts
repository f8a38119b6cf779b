import ort from 'onnxruntime-node'
import type { Tensor } from 'onnxruntime-node'

import { crossValues } from './cross-attention.js'
import type { FloatCross, ModelShape } from './cross-attention.js'
import { LENT_TO_ENCODER } from './short-audio.js'

/** Keys and values of the positions of a window that is nothing but padding, to be put behind audio that is encoded alone. */
export class PaddingStates {
  readonly #shape: ModelShape
  /** Of each layer of the encoder, by the name of its output: `[positions, width]`. */
  readonly #encoder: ReadonlyMap<string, Float32Array>
  readonly #cross: FloatCross

  /** `encoder` holds `encoder_k_L` and `encoder_v_L` of the graph, `cross` what the decoder looks at. */
  constructor(shape: ModelShape, encoder: ReadonlyMap<string, Float32Array>, cross: FloatCross) {
    this.#shape = shape
    this.#encoder = encoder
    this.#cross = cross
  }

  /** What the encoder is lent behind so many positions; views. */
  behind(positions: number): Record<string, Tensor> {
    const width = this.#shape.heads * this.#shape.headSize
    const feeds: Record<string, Tensor> = {}
    for (const [name, states] of this.#encoder) {
      const lent = states.subarray(positions * width, (positions + LENT_TO_ENCODER) * width)
      const shape = [1, lent.length / width, width]
      feeds[name.replace('encoder', 'padding')] = new ort.Tensor('float32', lent, shape)
    }
    return feeds
  }

  /** Fills everything of `target` behind so many positions with what the decoder is lent. */
  fill(target: FloatCross, positions: number): void {
    const count = target.positions - positions
    copyCross(this.#shape, this.#cross, positions, target, positions, count)
  }
}

/** Copies keys and values of some positions of one window. */
export function copyCross(
  { decoderLayers, heads, headSize }: ModelShape,
  source: FloatCross,
  from: number,
  target: FloatCross,
  to: number,
  count: number,
): void {
  for (let layer = 0; layer < decoderLayers; layer++) {
    const keys = [crossValues(source, layer, 0), crossValues(target, layer, 0)] as const
    // A row for each number of a head: positions lie side by side.
    copyRows(keys, heads * headSize, source.positions, from, target.positions, to, count)
    const values = [crossValues(source, layer, 1), crossValues(target, layer, 1)] as const
    const size = headSize
    const lengths = [source.positions * size, target.positions * size] as const
    copyRows(values, heads, lengths[0], from * size, lengths[1], to * size, count * size)
  }
}

function copyRows(
  [source, target]: readonly [Float32Array, Float32Array],
  rows: number,
  sourceLength: number,
  from: number,
  targetLength: number,
  to: number,
  count: number,
): void {
  for (let row = 0; row < rows; row++) {
    const start = row * sourceLength + from
    target.set(source.subarray(start, start + count), row * targetLength + to)
  }
}
