import { AudioDecodeError } from '@audiodecode/core'

/** ERR_MODEL: what is wrong with the model at `path`, then what to do about it. */
export function modelError(
  path: string,
  problem: string,
  advice: string,
  details: { cause?: unknown; byteOffset?: number } = {},
): AudioDecodeError {
  return new AudioDecodeError('ERR_MODEL', `${path}: ${problem}. ${advice}`, {
    input: path,
    ...details,
  })
}

/** What to do about files that are damaged. */
export const DOWNLOAD_AGAIN = 'Delete the model folder and download the model again.'
