import { setImmediate as nextTurn } from 'node:timers/promises'

/** Samples copied in one go: 4 MiB, about a millisecond. */
const STRETCH_SAMPLES = 1 << 20

/**
 * Copies `source` to the beginning of `target` in stretches of 4 MiB, giving the event loop a turn between them.
 *
 * @throws TypeError when `target` is transferred or shrunk meanwhile; `signal.reason` after an abort.
 */
export async function copySamples(
  source: Float32Array,
  target: Float32Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let at = 0; at < source.length; at += STRETCH_SAMPLES) {
    if (at > 0) {
      await nextTurn()
      signal?.throwIfAborted()
    }
    if (target.length < source.length) throw takenAway()
    target.set(source.subarray(at, at + STRETCH_SAMPLES), at)
  }
}

/** The error for an `out` that went away during the call. */
export function takenAway(): TypeError {
  return new TypeError(
    'out was transferred or shrunk while the call was under way; keep it until the promise settles',
  )
}

/** The error for an `out` that cannot hold the result. */
export function tooSmall(length: number, needed: number): RangeError {
  return new RangeError(
    `out holds ${length} samples, but the result has ${needed}; outputLength() tells how many are needed`,
  )
}

/** `data` in the caller's `out`: the part of `out` that it fills. `length` is what `out` had when the call began. */
export async function writeOut(
  data: Float32Array,
  out: Float32Array,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  if (out.length < length) throw takenAway()
  if (out.length < data.length) throw tooSmall(out.length, data.length)
  await copySamples(data, out, signal)
  return out.subarray(0, data.length)
}
