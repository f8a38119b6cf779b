import type { AudioBackend } from './audio-backend.js'
import { AudioDecodeError, isAudioDecodeError } from './errors.js'
import { abortable } from './input/abortable.js'

/** Whether a backend promises to settle soon after an abort, so that core waits for it to let go. */
export function heedsSignal(backend: AudioBackend): boolean {
  return backend.capabilities?.out === true
}

/**
 * Calls a backend: what it throws becomes an AudioDecodeError that names it, and an abort rejects with `signal.reason`. A backend
 * that does not heed signals is left behind at once; `lateResult` gets what it still brings.
 */
export async function callBackend<T>(
  backend: AudioBackend,
  label: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  lateResult?: (value: T) => void,
): Promise<T> {
  signal?.throwIfAborted()
  const pending = invoke(work)
  try {
    const value = await (heedsSignal(backend) ? pending : abortable(pending, signal))
    signal?.throwIfAborted()
    return value
  } catch (error) {
    if (lateResult !== undefined) pending.then(lateResult, () => {})
    signal?.throwIfAborted()
    throw toBackendError(error, backend.name, label)
  }
}

async function invoke<T>(work: () => Promise<T>): Promise<T> {
  return work()
}

/** What a backend threw as an AudioDecodeError that names the backend and the input. */
export function toBackendError(error: unknown, backend: string, label: string): AudioDecodeError {
  if (isAudioDecodeError(error)) {
    if (error.backend !== undefined && error.input !== undefined) return error
    const named = new AudioDecodeError(error.code, error.message, {
      backend: error.backend ?? backend,
      input: error.input ?? label,
      byteOffset: error.byteOffset,
      cause: error.cause,
    })
    if (error.stack !== undefined) named.stack = error.stack
    return named
  }
  const reason = error instanceof Error ? error.message : String(error)
  if (isOutOfMemory(error)) return outOfMemory(label, { backend, cause: error })
  return new AudioDecodeError(
    'ERR_CORRUPT',
    `Backend "${backend}" could not decode ${label}: ${reason}`,
    { backend, input: label, cause: error },
  )
}

/** Whether V8 had no memory for an array; it says so in a RangeError without a code. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('allocation failed')
}

/** The error for samples that do not fit into memory. */
export function outOfMemory(
  label: string,
  details: { backend?: string; cause?: unknown } = {},
): AudioDecodeError {
  return new AudioDecodeError(
    'ERR_LIMIT_EXCEEDED',
    `There is not enough memory for the samples of ${label}. Use stream(), or offset and duration.`,
    { ...details, input: label },
  )
}
