import { setImmediate as nextTurn } from 'node:timers/promises'

/** Longest stretch, in milliseconds, that sliced work keeps the event loop for itself. */
const SLICE_MS = 1

/** Long work on the main thread, cut into short stretches. */
export interface TimeSlice {
  /** Whether this stretch is used up, so that `turn()` should be awaited. */
  isOver(): boolean
  /** Lets the event loop run once. Rejects with `signal.reason` when the work was cancelled. */
  turn(): Promise<void>
}

/** Starts a stretch of about one millisecond; throws `signal.reason` when already cancelled. */
export function startTimeSlice(signal?: AbortSignal): TimeSlice {
  signal?.throwIfAborted()
  let end = performance.now() + SLICE_MS
  return {
    isOver: () => performance.now() >= end,
    async turn() {
      await nextTurn()
      signal?.throwIfAborted()
      end = performance.now() + SLICE_MS
    },
  }
}
