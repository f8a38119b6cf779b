import { startTimeSlice } from '../dsp/time-slice.js'
import type { Limits } from '../limits.js'
import { emptyInput, takenAway, tooLarge } from './input-errors.js'
import { copyInto, reserveBytes } from './private-copy.js'

/** Pieces grow from this size … */
const FIRST_PIECE_BYTES = 64 * 1024
/** … to this one, and a promised size is believed (reserved at once) up to it. */
const LARGEST_PIECE_BYTES = 64 * 1024 * 1024

/** Gathers bytes of unknown length into one private array. */
export interface ByteCollector {
  /** Copies a chunk. ERR_LIMIT_EXCEEDED as soon as the sum passes `maxInputBytes`. */
  add(chunk: Uint8Array): Promise<void>
  /** Everything so far in one array; ERR_CORRUPT when that is nothing. */
  finish(): Promise<Uint8Array>
  /** Bytes so far. */
  size(): number
}

/** A new collector. `promisedBytes` is a hint: when it proves right, nothing is copied twice. */
export function collectBytes(
  label: string,
  limits: Limits,
  signal: AbortSignal | undefined,
  promisedBytes = 0,
): ByteCollector {
  const full: Uint8Array[] = []
  // One stretch for everything: a stream may deliver all its chunks without the event loop ever turning.
  const slice = startTimeSlice(signal)
  let piece = reserveBytes(
    Math.min(Math.max(promisedBytes, FIRST_PIECE_BYTES), LARGEST_PIECE_BYTES),
    label,
  )
  let used = 0
  let total = 0

  async function add(chunk: Uint8Array): Promise<void> {
    const size = chunk.byteLength
    if (total + size > limits.maxInputBytes) throw tooLarge(label, null, limits.maxInputBytes)
    for (let done = 0; done < size;) {
      if (used === piece.length) {
        full.push(piece)
        piece = reserveBytes(Math.min(piece.length * 2, LARGEST_PIECE_BYTES), label)
        used = 0
      }
      if (chunk.byteLength < size) throw takenAway(label)
      const length = Math.min(size - done, piece.length - used)
      await copyInto(piece, used, chunk.subarray(done, done + length), label, slice)
      used += length
      done += length
    }
    total += size
  }

  async function finish(): Promise<Uint8Array> {
    if (total === 0) throw emptyInput(label)
    if (full.length === 0 && used === piece.length) return piece
    const bytes = reserveBytes(total, label)
    let at = 0
    // Every piece is let go as soon as it is copied, so the peak stays near one copy.
    for (let next = full.shift(); next !== undefined; next = full.shift()) {
      await copyInto(bytes, at, next, label, slice)
      at += next.length
    }
    await copyInto(bytes, at, piece.subarray(0, used), label, slice)
    return bytes
  }

  return { add, finish, size: () => total }
}
