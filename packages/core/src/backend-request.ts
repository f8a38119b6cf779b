import type { BackendRequest } from './audio-backend.js'
import type { CheckedOptions } from './check-options.js'
import type { FrameSpan } from './frame-span.js'
import type { Limits } from './limits.js'
import { threadBudget } from './registry.js'

/** What core leaves to the backend. */
export interface Delegated extends FrameSpan {
  readonly sampleRate?: number | undefined
  readonly mono: boolean
  readonly out?: Float32Array | undefined
  readonly scan?: boolean
}

/** The request that asks for everything in the file as it is. */
export const everything: Delegated = { startFrame: 0, endFrame: null, mono: false }

/** A backend's request, without members that are not asked for. `size` in bytes decides how many threads are worth while. */
export function createRequest(
  options: CheckedOptions,
  delegated: Delegated,
  size: number,
  signal: AbortSignal | undefined,
): BackendRequest {
  const { sampleRate, out, scan } = delegated
  const { track } = options
  return {
    startFrame: delegated.startFrame,
    endFrame: delegated.endFrame,
    mono: delegated.mono,
    quality: options.quality,
    onDamage: options.onDamage,
    threads: threadsFor(options.threads, size),
    limits: finiteLimits(options.limits),
    ...(sampleRate === undefined ? {} : { sampleRate }),
    ...(track === undefined ? {} : { track }),
    ...(scan === true ? { scan } : {}),
    ...(out === undefined ? {} : { out }),
    ...(signal === undefined ? {} : { signal }),
  }
}

/** Bytes of encoded audio that keep a thread busy for much longer than it takes to start it: about 5 ms of decoding MP3. */
const BYTES_PER_THREAD = 1 << 17

function threadsFor(wanted: number | undefined, size: number): number {
  const budget = threadBudget()
  if (wanted !== undefined) return wanted
  return Math.max(1, Math.min(budget, Math.ceil(size / BYTES_PER_THREAD)))
}

// Native code reads limits as integers, which cannot hold Infinity.
function finiteLimits(limits: Limits): Limits {
  const finite = (value: number): number => Math.min(value, Number.MAX_SAFE_INTEGER)
  return {
    ...limits,
    maxInputBytes: finite(limits.maxInputBytes),
    maxOutputBytes: finite(limits.maxOutputBytes),
    maxDurationSeconds: finite(limits.maxDurationSeconds),
    maxChannels: finite(limits.maxChannels),
    networkTimeoutMs: finite(limits.networkTimeoutMs),
  }
}
