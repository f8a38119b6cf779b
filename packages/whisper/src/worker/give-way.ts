import { getPriority, setPriority } from 'node:os'

/**
 * So much less than other threads have, on the scale of nice(1). Who waits for a transcription waits for seconds; a server's own
 * thread, on the same processor, for milliseconds: with this its event loop is delayed half as long or less, with 2 as long as without (`w10` of the bench).
 */
const LESS = 5
/** The end of the scale. */
const LEAST = 19

/** Lets other threads of the process go first, on Linux; those that are started by this one from here on inherit it. */
export function giveWay(): void {
  // Elsewhere it would be the priority of the whole process.
  if (process.platform !== 'linux') return
  try {
    setPriority(Math.min(getPriority() + LESS, LEAST))
  } catch {
    // A sandbox may forbid it; everything works without.
  }
}
