import type { ReorderRows } from '../load-binding.js'

/** Shape of a decoder's cache. */
export interface CacheShape {
  /** Tensors: keys of layer 0, values of layer 0, keys of layer 1, …; or one for all of them. */
  readonly tensors: number
  /** Numbers that one token has in each. */
  readonly width: number
  /** Most tokens of one row. */
  readonly capacity: number
}

/**
 * Keys and values of all tokens so far, time-major: token after token, in each row after row. So the first
 * tokens of a buffer are a tensor without a copy, and what a step adds goes to its end.
 *
 * All rows have the same number of tokens; where one began later than another, its first ones mean nothing.
 */
export class KeyValueCache {
  readonly #shape: CacheShape
  readonly #reorderRows: ReorderRows
  readonly #buffers: Float32Array<ArrayBuffer>[] = []
  #allocatedRows = 0
  #rows = 1
  #length = 0

  /** `reorderRows`: what does the copying. */
  constructor(shape: CacheShape, reorderRows: ReorderRows = reorderPlainly) {
    this.#shape = shape
    this.#reorderRows = reorderRows
  }

  /** Rows: hypotheses that are decoded together. */
  get rows(): number {
    return this.#rows
  }

  /** Tokens of each row. */
  get length(): number {
    return this.#length
  }

  /** Whether no row can have another token. */
  get isFull(): boolean {
    return this.#length >= this.#shape.capacity
  }

  /** Empties it for so many rows, of `length` tokens that mean nothing yet. */
  reset(rows: number, length = 0): void {
    this.#length = 0
    this.#reserve(rows)
    this.#rows = rows
    this.#length = length
  }

  /** A tensor so far: `[length, rows, width]`. A view. */
  past(tensor: number): Float32Array<ArrayBuffer> {
    return this.#buffer(tensor).subarray(0, this.#length * this.#rows * this.#shape.width)
  }

  /** The last tokens of a tensor: as `past`. A view, for a step to write what it adds. */
  last(tensor: number, tokens: number): Float32Array<ArrayBuffer> {
    const size = this.#rows * this.#shape.width
    return this.past(tensor).subarray((this.#length - tokens) * size)
  }

  /** Makes room for more tokens behind those so far; gives the memory of all tensors, to be written by the caller. */
  extend(tokens: number): readonly Float32Array<ArrayBuffer>[] {
    const { capacity } = this.#shape
    if (this.#length + tokens > capacity) {
      throw new RangeError(`a row of the cache holds ${capacity} tokens`)
    }
    this.#length += tokens
    return this.#buffers
  }

  /**
   * Makes row i what row `sources[i]` was; there may be more or fewer rows than before. While their number stays, `shared` tells
   * how many of its first tokens row i is known to have in common with its source.
   */
  reorder(sources: readonly number[], shared: (row: number) => number = () => 0): void {
    const from = this.#rows
    if (sources.length !== from) {
      this.#reshape(sources)
      return
    }
    if (sources.every((source, row) => source === row)) return
    const firsts = sources.map((_, row) => Math.min(shared(row), this.#length))
    this.#reorderRows(
      this.#buffers,
      this.#length,
      this.#shape.width,
      Uint32Array.from(sources),
      Uint32Array.from(firsts),
    )
  }

  /** Takes the tokens of one row of another cache over as the last tokens of a row, which is as long or longer. */
  copyRow(row: number, other: KeyValueCache, otherRow: number): void {
    const { width } = this.#shape
    const before = this.#length - other.length
    if (before < 0) throw new RangeError(`${other.length} tokens do not fit into ${this.#length}`)
    for (const [index, buffer] of this.#buffers.entries()) {
      const source = other.#buffers[index]
      if (source === undefined) throw new RangeError('the other cache has fewer layers')
      for (let token = 0; token < other.length; token++) {
        const from = (token * other.#rows + otherRow) * width
        buffer.set(
          source.subarray(from, from + width),
          ((before + token) * this.#rows + row) * width,
        )
      }
    }
  }

  /** Forgets the first tokens of all rows, or with a negative count makes room for more of them before. */
  shift(count: number): void {
    const size = this.#rows * this.#shape.width
    if (this.#length - count > this.#shape.capacity || count > this.#length) {
      throw new RangeError(`${this.#length} tokens cannot be moved by ${count}`)
    }
    for (const buffer of this.#buffers) {
      buffer.copyWithin(Math.max(0, -count) * size, Math.max(0, count) * size, this.#length * size)
    }
    this.#length -= count
  }

  #reshape(sources: readonly number[]): void {
    const rows = sources.length
    const from = this.#rows
    this.#reserve(rows)
    const { width } = this.#shape
    const step = new Float32Array(from * width)
    // Fewer rows move to the front of the buffer, more of them towards its end: no token may be written over before it is read.
    for (let index = 0; index < this.#length; index++) {
      const token = rows > from ? this.#length - 1 - index : index
      for (const buffer of this.#buffers) {
        step.set(buffer.subarray(token * from * width, (token + 1) * from * width))
        for (const [row, source] of sources.entries()) {
          const values = step.subarray(source * width, (source + 1) * width)
          buffer.set(values, (token * rows + row) * width)
        }
      }
    }
    this.#rows = rows
  }

  #buffer(tensor: number): Float32Array<ArrayBuffer> {
    const buffer = this.#buffers[tensor]
    if (buffer === undefined) throw new RangeError(`there is no tensor ${tensor}`)
    return buffer
  }

  #reserve(rows: number): void {
    if (rows <= this.#allocatedRows) return
    const { tensors, width, capacity } = this.#shape
    for (let index = 0; index < tensors; index++) {
      const larger = new Float32Array(capacity * rows * width)
      const old = this.#buffers[index]
      if (old !== undefined) larger.set(old.subarray(0, this.#length * this.#rows * width))
      this.#buffers[index] = larger
    }
    this.#allocatedRows = rows
  }
}

function reorderPlainly(
  ...[buffers, length, width, sources, firsts]: Parameters<ReorderRows>
): void {
  const rows = sources.length
  const moved = [...sources].flatMap((source, row) =>
    source === row ? [] : [{ row, source, first: firsts[row] ?? 0 }],
  )
  const first = moved.reduce((least, move) => Math.min(least, move.first), length)
  const step = new Float32Array(rows * width)
  for (let token = first; token < length; token++) {
    const start = token * rows * width
    const due = moved.filter((move) => move.first <= token)
    for (const buffer of buffers) {
      step.set(buffer.subarray(start, start + rows * width))
      for (const { row, source } of due) {
        const values = step.subarray(source * width, (source + 1) * width)
        buffer.set(values, start + row * width)
      }
    }
  }
}
