import { AudioDecodeError } from '@audiodecode/core'
import type { AudioDecodeErrorCode } from '@audiodecode/core'

/** Name under which the backend is registered. */
export const NAME = 'beamcoder'

/** An error of this backend. */
export function failure(
  code: AudioDecodeErrorCode,
  what: string,
  label: string,
  cause?: unknown,
): AudioDecodeError {
  return new AudioDecodeError(code, `${label}: ${what}`, { backend: NAME, input: label, cause })
}
