import { startTimeSlice } from '../dsp/time-slice.js'
import type { TimeSlice } from '../dsp/time-slice.js'
import { AudioDecodeError } from '../errors.js'
import { takenAway } from './input-errors.js'

/** Bytes copied between two looks at the clock. */
const PIECE_BYTES = 256 * 1024

/**
 * A copy of bytes that belong to someone else. Small input is copied before this returns to the event loop; large input in
 * stretches of a millisecond, and a buffer that is transferred, detached or shrunk meanwhile is ERR_IO. Rejects with
 * `signal.reason` when cancelled.
 */
export async function privateCopy(
  source: Uint8Array,
  label: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const slice = startTimeSlice(signal)
  const copy = reserveBytes(source.byteLength, label)
  await copyInto(copy, 0, source, label, slice)
  return copy
}

/** Writes all of `source` to `target` from `at` on, as `privateCopy` does, within a stretch that may have begun earlier. */
export async function copyInto(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  label: string,
  slice: TimeSlice,
): Promise<void> {
  const size = source.byteLength
  for (let done = 0; done < size; done += PIECE_BYTES) {
    if (slice.isOver()) {
      await slice.turn()
      if (source.byteLength < size) throw takenAway(label)
    }
    target.set(source.subarray(done, Math.min(done + PIECE_BYTES, size)), at + done)
  }
}

/** Zeroed memory for input; ERR_LIMIT_EXCEEDED when the machine has none left, or the size is beyond what an array can have. */
export function reserveBytes(size: number, label: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(size)
  } catch (error) {
    throw new AudioDecodeError(
      'ERR_LIMIT_EXCEEDED',
      `${label} does not fit into memory (${size} bytes). Pass a path instead, or lower limits.maxInputBytes.`,
      { input: label, cause: error },
    )
  }
}
