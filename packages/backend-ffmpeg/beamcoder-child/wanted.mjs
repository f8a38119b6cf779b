import { readPlanes } from './read-planes.mjs'
import { Refusal } from './refusal.mjs'

/** The part of a signal that a request wants, and where it goes. */
export class Wanted {
  #start
  #end
  #limits
  #emit
  /** Frames given out so far. */
  #given = 0

  /**
   * @param {{ start: number, end: number | null }} range
   * @param {{ maxOutputBytes: number, maxDurationSeconds: number }} limits For what is given out.
   * @param {((planes: readonly Float32Array[]) => void) | null} emit Gets the samples; null: they are only counted.
   */
  constructor({ start, end }, limits, emit) {
    this.#start = start
    this.#end = end ?? Infinity
    this.#limits = limits
    this.#emit = emit
  }

  /** Frame of the signal behind the last one that is wanted. */
  get end() {
    return this.#end
  }

  /** The piece of a part that is wanted, of `count` frames from `position` of the signal on, which lie at `from` in the part. */
  pieceOf({ frame }, position, from, count) {
    const first = Math.max(0, this.#start - position)
    const last = Math.min(count, this.#end - position)
    return last > first ? [{ frame, from: from + first, count: last - first }] : []
  }

  /** Gives out pieces. Refuses what exceeds the limits. */
  give(pieces, { rate, channels }) {
    if (this.#emit === null) return
    const { maxOutputBytes, maxDurationSeconds } = this.#limits
    this.#given += pieces.reduce((sum, { count }) => sum + count, 0)
    if (this.#given * channels * 4 > maxOutputBytes) {
      throw new Refusal(
        'ERR_LIMIT_EXCEEDED',
        `it decodes to more than limits.maxOutputBytes (${maxOutputBytes})`,
      )
    }
    if (this.#given / rate > maxDurationSeconds) {
      throw new Refusal(
        'ERR_LIMIT_EXCEEDED',
        `it is longer than limits.maxDurationSeconds (${maxDurationSeconds})`,
      )
    }
    this.#emit(join(pieces, channels))
  }
}

/** Pieces of frames, one behind the other; those without a frame are silence. */
function join(pieces, channels) {
  const total = pieces.reduce((sum, { count }) => sum + count, 0)
  const samples = new Float32Array(total * channels)
  const planes = Array.from({ length: channels }, (_, c) =>
    samples.subarray(c * total, (c + 1) * total),
  )
  let at = 0
  for (const { frame, from, count } of pieces) {
    if (frame !== undefined) readPlanes(frame, from, count, planes, at)
    at += count
  }
  return planes
}
