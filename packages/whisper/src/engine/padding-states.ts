import ort from 'onnxruntime-node'
import type { Tensor } from 'onnxruntime-node'

import { crossValues } from './cross-attention.js'
import type { FloatCross } from './cross-attention.js'
import type { CrossPart } from './graph-layout.js'
import { LENT_TO_ENCODER } from './short-audio.js'

/** What a model makes of the positions of a window that is nothing but padding, to be put behind audio that is encoded alone. */
export class PaddingStates {
  readonly #width: number
  readonly #layout: readonly CrossPart[]
  /** Of each layer of the encoder, by the name of its output: `[positions, width]`. */
  readonly #encoder: ReadonlyMap<string, Float32Array>
  readonly #cross: FloatCross

  /** `encoder` holds `encoder_k_L` and `encoder_v_L` of the graph, `cross` what the decoder looks at. */
  constructor(
    { width, layout }: { readonly width: number; readonly layout: readonly CrossPart[] },
    encoder: ReadonlyMap<string, Float32Array>,
    cross: FloatCross,
  ) {
    this.#width = width
    this.#layout = layout
    this.#encoder = encoder
    this.#cross = cross
  }

  /** What the encoder is lent behind so many positions; views. */
  behind(positions: number): Record<string, Tensor> {
    const width = this.#width
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
    copyCross(this.#layout, this.#cross, positions, target, positions, count)
  }
}

/** Copies some positions of one window. */
export function copyCross(
  layout: readonly CrossPart[],
  source: FloatCross,
  from: number,
  target: FloatCross,
  to: number,
  count: number,
): void {
  for (const { name, rows, size } of layout) {
    const [values, copied] = [crossValues(source, name), crossValues(target, name)]
    for (let row = 0; row < rows; row++) {
      const start = (row * source.positions + from) * size
      const part = values.subarray(start, start + count * size)
      copied.set(part, (row * target.positions + to) * size)
    }
  }
}
