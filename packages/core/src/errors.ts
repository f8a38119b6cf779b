/** Why a call failed. Stable across releases; safe to switch on. */
export type AudioDecodeErrorCode =
  | 'ERR_NOT_FOUND'
  | 'ERR_IO'
  | 'ERR_UNSUPPORTED_FORMAT'
  | 'ERR_CORRUPT'
  | 'ERR_LIMIT_EXCEEDED'
  | 'ERR_NO_BACKEND'
  | 'ERR_BACKEND_UNAVAILABLE'
  | 'ERR_MODEL'
  | 'ERR_TRANSFORM'
  | 'ERR_CLOSED'

/** What is known about a failure besides its code and message. */
export interface AudioDecodeErrorDetails {
  /** Backend that failed, when one had been chosen. */
  readonly backend?: string | undefined
  /** The input as a person would name it: a path, a URL, "128 bytes". */
  readonly input?: string | undefined
  /** Byte of the input at which the failure was noticed, when it is known. */
  readonly byteOffset?: number | undefined
  /** The error underneath. */
  readonly cause?: unknown
}

const BRAND: symbol = Symbol.for('@audiodecode/core:error@1')

/** Every error thrown on purpose. `message` says what happened and what to do next. */
export class AudioDecodeError extends Error {
  /** Always "AudioDecodeError". */
  override readonly name = 'AudioDecodeError'
  /** Why it failed. */
  readonly code: AudioDecodeErrorCode
  /** Backend that failed, when one had been chosen. */
  readonly backend: string | undefined
  /** The input as a person would name it. */
  readonly input: string | undefined
  /** Byte of the input at which the failure was noticed, when it is known. */
  readonly byteOffset: number | undefined

  constructor(code: AudioDecodeErrorCode, message: string, details: AudioDecodeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.backend = details.backend
    this.input = details.input
    this.byteOffset = details.byteOffset
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** Whether `error` is an AudioDecodeError, of this copy of core or of any other in the process. */
export function isAudioDecodeError(error: unknown): error is AudioDecodeError {
  return typeof error === 'object' && error !== null && Reflect.get(error, BRAND) === true
}
