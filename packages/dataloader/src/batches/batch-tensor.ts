import { setImmediate as nextTurn } from 'node:timers/promises'

import type { LoadedItem } from '../items/load-item.js'

/** Numbers copied in one go: 2 MiB, half a millisecond. */
const STRETCH = 1 << 19

/** Lines of numbers of one length, and how they lie. */
interface Lines {
  readonly data: Float32Array
  /** Numbers from the beginning of a line to that of the next. */
  readonly stride: number
}

/** The tensor of a batch while it is filled, item by item in any order, so that what they were decoded into is free at once. */
export class BatchTensor {
  readonly #size: number
  /** Lines of an item, known with the first one. */
  #lines = 0
  #target: Lines

  /** For `size` items of at most so many frames; more are accepted, and cost a copy. */
  constructor(size: number, frames: number) {
    this.#size = size
    this.#target = { data: new Float32Array(0), stride: frames }
  }

  /** Copies an item to its place, letting the event loop have its turns, and gives its memory back. */
  async add(place: number, item: LoadedItem, signal: AbortSignal): Promise<void> {
    try {
      this.#reserve(item)
      for (let line = 0; line < this.#lines; line++) {
        const source = { data: item.data, stride: item.stride }
        // The target may be replaced by a larger one between two stretches.
        const target = (): Lines => this.#target
        await copyLine(source, line, target, place * this.#lines + line, item.frames, signal)
      }
    } finally {
      item.release()
    }
  }

  /**
   * The tensor of the items at these places, in this order, `frames` long. When that is all of them and the length that was expected, it
   * is what has been filled.
   */
  async finish(
    places: readonly number[],
    frames: number,
    signal: AbortSignal,
  ): Promise<Float32Array> {
    const source = this.#target
    if (places.length === this.#size && frames === source.stride) return source.data
    const data = new Float32Array(places.length * this.#lines * frames)
    const target = (): Lines => ({ data, stride: frames })
    const length = Math.min(frames, source.stride)
    for (const [at, place] of places.entries()) {
      for (let line = 0; line < this.#lines; line++) {
        const from = place * this.#lines + line
        await copyLine(source, from, target, at * this.#lines + line, length, signal)
      }
    }
    return data
  }

  #reserve({ channels, rows, frames }: LoadedItem): void {
    const old = this.#target
    this.#lines = channels * rows
    if (old.data.length > 0 && frames <= old.stride) return
    const stride = Math.max(frames, old.stride)
    const data = new Float32Array(this.#size * this.#lines * stride)
    for (let at = 0; at < old.data.length / old.stride; at++) {
      data.set(old.data.subarray(at * old.stride, (at + 1) * old.stride), at * stride)
    }
    this.#target = { data, stride }
  }
}

async function copyLine(
  { data, stride }: Lines,
  from: number,
  target: () => Lines,
  to: number,
  frames: number,
  signal: AbortSignal,
): Promise<void> {
  for (let start = 0; start < frames; start += STRETCH) {
    if (start > 0) {
      await nextTurn()
      signal.throwIfAborted()
    }
    const stretch = data.subarray(
      from * stride + start,
      from * stride + Math.min(frames, start + STRETCH),
    )
    const into = target()
    into.data.set(stretch, to * into.stride + start)
  }
}
