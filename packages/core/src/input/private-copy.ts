import { startTimeSlice } from '../dsp/time-slice.js'
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
  const copy = new Uint8Array(source.byteLength)
  await copyInto(copy, 0, source, label, signal)
  return copy
}

/** Writes all of `source` to `target` from `at` on, as `privateCopy` does. */
export async function copyInto(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  label: string,
  signal?: AbortSignal,
): Promise<void> {
  const size = source.byteLength
  const slice = startTimeSlice(signal)
  for (let done = 0; done < size; done += PIECE_BYTES) {
    if (done > 0 && slice.isOver()) {
      await slice.turn()
      if (source.byteLength < size) throw takenAway(label)
    }
    target.set(source.subarray(done, Math.min(done + PIECE_BYTES, size)), at + done)
  }
}
