import { huggingFaceParts } from './hugging-face-names.js'
import { DOWNLOAD_AGAIN, modelError } from './model-error.js'
import type { WeightTensor } from './model-weights.js'

/** Weights by Hugging Face's names, without the `model.` before them. */
export interface NamedWeights {
  /** What errors name. */
  readonly path: string
  /** Undefined when there is no such weight. */
  shape(name: string): readonly number[] | undefined
  /** The values of a weight that has a shape. */
  read(name: string): Promise<Float32Array>
}

/** Hugging Face keeps queries, keys and values apart; here they become one weight again. */
export class PartedWeights {
  readonly #source: NamedWeights
  readonly #width: number

  constructor(source: NamedWeights, width: number) {
    this.#source = source
    this.#width = width
  }

  /** Of a weight by its canonical name; undefined when a part is missing. */
  shape(name: string): readonly number[] | undefined {
    let rows = 0
    let rest: readonly number[] = []
    const parts = huggingFaceParts(name)
    if (parts === undefined) return undefined
    for (const part of parts) {
      const shape = part === null ? [this.#width] : this.#source.shape(part)
      if (shape === undefined) return undefined
      rows += shape[0] ?? 0
      rest = shape.slice(1)
    }
    return [rows, ...rest]
  }

  /** A weight by its canonical name. */
  async read(name: string): Promise<WeightTensor> {
    const shape = this.shape(name)
    if (shape === undefined) {
      throw modelError(this.#source.path, `"${name}" is missing`, DOWNLOAD_AGAIN)
    }
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1))
    let at = 0
    for (const part of huggingFaceParts(name) ?? []) {
      if (part === null) {
        at += this.#width
        continue
      }
      const values = await this.#source.read(part)
      data.set(values, at)
      at += values.length
    }
    return { shape, data }
  }
}
