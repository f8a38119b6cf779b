import { isAudioDecodeError } from '@audiodecode/core'
import type { AudioDecodeError } from '@audiodecode/core'

import { ConformanceFailure, ensure } from './failure.js'

/** The error a promise rejects with; a failure when it does not. */
export async function rejection(work: Promise<unknown>, what: string): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new ConformanceFailure(`${what} is no error, though it should be`)
}

/** The AudioDecodeError a promise rejects with; a failure when it does not, or with something else, or with another code. */
export async function typedRejection(
  work: Promise<unknown>,
  what: string,
  codes?: readonly AudioDecodeError['code'][],
): Promise<AudioDecodeError> {
  const error = await rejection(work, what)
  ensure(isAudioDecodeError(error), `${what} rejects with no AudioDecodeError: ${String(error)}`)
  ensure(
    codes === undefined || codes.includes(error.code),
    `${what} is ${error.code} (${error.message}), not ${codes?.join(' or ')}`,
  )
  return error
}

/** What a promise gives, or the AudioDecodeError it rejects with; anything else it throws is a failure. */
export async function resultOrError<T>(
  work: Promise<T>,
  what: string,
): Promise<T | AudioDecodeError> {
  try {
    return await work
  } catch (error) {
    ensure(isAudioDecodeError(error), `${what} throws no AudioDecodeError: ${String(error)}`)
    return error
  }
}

/** Rejects with a failure when `work` takes longer than `milliseconds`: a hang is told as such, not as a timeout of the test. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ConformanceFailure(`${what} takes longer than ${milliseconds} ms`)),
      milliseconds,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
