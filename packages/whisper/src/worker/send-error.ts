import { AudioDecodeError, isAudioDecodeError } from '@audiodecode/core'

import type { SentError } from './protocol.js'

/** An error as a message. */
export function toSentError(error: unknown): SentError {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return { name, message, code: isAudioDecodeError(error) ? error.code : undefined }
}

/** The error that a message stands for. */
export function fromSentError({ name, message, code }: SentError): Error {
  if (code !== undefined) {
    return new AudioDecodeError(code as ConstructorParameters<typeof AudioDecodeError>[0], message)
  }
  const error = name === 'RangeError' ? new RangeError(message) : new Error(message)
  error.name = name
  return error
}
