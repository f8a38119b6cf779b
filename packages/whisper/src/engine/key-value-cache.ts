/** Shape of a decoder's cache. */
export interface CacheShape {
  readonly layers: number
  /** Numbers that one token has in one layer: heads × head size. */
  readonly width: number
  /** Most tokens of one row. */
  readonly capacity: number
}

/**
 * Keys and values of all tokens so far, for all layers, time-major: token after token, in each row after row. So the first
 * tokens of a buffer are a tensor without a copy, and what a step adds goes to its end.
 *
 * All rows have the same number of tokens.
 */
export class KeyValueCache {
  readonly #shape: CacheShape
  /** Key and value of layer 0, key and value of layer 1, … */
  readonly #buffers: Float32Array<ArrayBuffer>[] = []
  #allocatedRows = 0
  #rows = 1
  #length = 0

  constructor(shape: CacheShape) {
    this.#shape = shape
  }

  /** Rows: hypotheses that are decoded together. */
  get rows(): number {
    return this.#rows
  }

  /** Tokens of each row. */
  get length(): number {
    return this.#length
  }

  /** Empties it for so many rows. */
  reset(rows: number): void {
    this.#reserve(rows)
    this.#rows = rows
    this.#length = 0
  }

  /** Keys (`kind` 0) or values (1) of a layer so far: `[length, rows, heads, head size]`. A view. */
  past(layer: number, kind: 0 | 1): Float32Array<ArrayBuffer> {
    return this.#buffer(layer, kind).subarray(0, this.#length * this.#rows * this.#shape.width)
  }

  /** Adds what a step gave of every layer, `[tokens, rows, heads, head size]` each. */
  append(tokens: number, added: (layer: number, kind: 0 | 1) => Float32Array): void {
    const { layers, width, capacity } = this.#shape
    if (this.#length + tokens > capacity) {
      throw new RangeError(`a row of the cache holds ${capacity} tokens`)
    }
    const size = this.#rows * width
    for (let layer = 0; layer < layers; layer++) {
      for (const kind of [0, 1] as const) {
        const values = added(layer, kind)
        if (values.length !== tokens * size) {
          throw new RangeError(`${tokens * size} numbers are to be added, not ${values.length}`)
        }
        this.#buffer(layer, kind).set(values, this.#length * size)
      }
    }
    this.#length += tokens
  }

  /**
   * Makes row i what row `sources[i]` was; there may be more or fewer rows than before. The first `shared` tokens are known to
   * be the same in all rows.
   */
  reorder(sources: readonly number[], shared = 0): void {
    const rows = sources.length
    const from = this.#rows
    if (rows === from && sources.every((source, row) => source === row)) return
    this.#reserve(rows)
    const { width } = this.#shape
    const step = new Float32Array(from * width)
    // Fewer rows move to the front of the buffer, more of them towards its end: no token may be written over before it is read.
    const order =
      rows > from ? backwards(this.#length) : forwards(this.#length, rows === from ? shared : 0)
    for (const token of order) {
      for (const buffer of this.#buffers) {
        step.set(buffer.subarray(token * from * width, (token + 1) * from * width))
        for (const [row, source] of sources.entries()) {
          buffer.set(
            step.subarray(source * width, (source + 1) * width),
            (token * rows + row) * width,
          )
        }
      }
    }
    this.#rows = rows
  }

  #buffer(layer: number, kind: 0 | 1): Float32Array<ArrayBuffer> {
    const buffer = this.#buffers[2 * layer + kind]
    if (buffer === undefined) throw new RangeError(`there is no layer ${layer}`)
    return buffer
  }

  #reserve(rows: number): void {
    if (rows <= this.#allocatedRows) return
    const { layers, width, capacity } = this.#shape
    for (let index = 0; index < 2 * layers; index++) {
      const larger = new Float32Array(capacity * rows * width)
      const old = this.#buffers[index]
      if (old !== undefined) larger.set(old.subarray(0, this.#length * this.#rows * width))
      this.#buffers[index] = larger
    }
    this.#allocatedRows = rows
  }
}

function* forwards(length: number, from: number): Generator<number> {
  for (let index = from; index < length; index++) yield index
}

function* backwards(length: number): Generator<number> {
  for (let index = length - 1; index >= 0; index--) yield index
}
