import { AudioDecodeError, isAudioDecodeError } from '@audiodecode/core'
import type { AudioDecodeErrorCode } from '@audiodecode/core'

const CODES: Readonly<Record<string, AudioDecodeErrorCode>> = {
  ERR_NOT_FOUND: 'ERR_NOT_FOUND',
  ERR_IO: 'ERR_IO',
  ERR_UNSUPPORTED_FORMAT: 'ERR_UNSUPPORTED_FORMAT',
  ERR_CORRUPT: 'ERR_CORRUPT',
  ERR_LIMIT_EXCEEDED: 'ERR_LIMIT_EXCEEDED',
  ERR_BACKEND_UNAVAILABLE: 'ERR_BACKEND_UNAVAILABLE',
  ERR_CLOSED: 'ERR_CLOSED',
  // Cancelled by nobody's signal: the handle was closed under the call.
  ERR_CANCELLED: 'ERR_CLOSED',
  // Core has checked the arguments; what native code still refuses is a request it cannot serve, e.g. a rare ratio of rates.
  ERR_INVALID_ARGUMENT: 'ERR_UNSUPPORTED_FORMAT',
}

/** What a native call rejected with, as the one error class. The only place where native errors are converted. */
export function toAudioDecodeError(
  error: unknown,
  backend: string | undefined,
  input: string,
): AudioDecodeError {
  if (isAudioDecodeError(error)) return error
  const { code, byteOffset } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: unknown
    byteOffset?: unknown
  }
  const known = typeof code === 'string' ? CODES[code] : undefined
  const reason =
    code === 'ERR_CANCELLED'
      ? 'the decoder was closed'
      : error instanceof Error
        ? error.message
        : String(error)
  return new AudioDecodeError(known ?? 'ERR_CORRUPT', messageFor(known, reason, input), {
    backend,
    input,
    byteOffset: typeof byteOffset === 'number' ? byteOffset : undefined,
    cause: error,
  })
}

function messageFor(code: AudioDecodeErrorCode | undefined, reason: string, input: string): string {
  // The operating system's errors name the file already.
  return reason.includes(input) || code === 'ERR_CLOSED' ? reason : `${input}: ${reason}`
}
