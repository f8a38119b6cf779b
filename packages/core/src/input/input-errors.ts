import { AudioDecodeError, isAudioDecodeError } from '../errors.js'

/** The error for input that holds no byte. */
export function emptyInput(label: string): AudioDecodeError {
  return new AudioDecodeError(
    'ERR_CORRUPT',
    `${label} is empty: there is nothing to decode. Check that it was written completely.`,
    { input: label },
  )
}

/** The error for input beyond `limits.maxInputBytes`; `size` is null when it is only known to be larger. */
export function tooLarge(
  label: string,
  size: number | null,
  maxInputBytes: number,
): AudioDecodeError {
  const found = size === null ? `${label} is larger than` : `${label} has ${size} bytes, more than`
  return new AudioDecodeError(
    'ERR_LIMIT_EXCEEDED',
    `${found} limits.maxInputBytes (${maxInputBytes}). Raise the limit to accept it.`,
    { input: label },
  )
}

/** The error for a buffer that its owner took away before it was copied. */
export function takenAway(label: string): AudioDecodeError {
  return new AudioDecodeError(
    'ERR_IO',
    `The buffer of ${label} was transferred, detached or shrunk while it was being copied. ` +
      'Wait for the call to settle first, or pass a copy.',
    { input: label },
  )
}

/** An error of the file system or of a stream as an AudioDecodeError with advice; one that already is passes unchanged. */
export function toInputError(error: unknown, label: string): AudioDecodeError {
  if (isAudioDecodeError(error)) return error
  const code = errorCode(error)
  const known = code === undefined ? undefined : ADVICE[code]
  const reason = error instanceof Error ? error.message : String(error)
  return new AudioDecodeError(
    known?.code ?? 'ERR_IO',
    known === undefined ? `Reading ${label} failed: ${reason}` : `${label} ${known.says}`,
    { input: label, cause: error },
  )
}

const ADVICE: Partial<Record<string, { code: 'ERR_NOT_FOUND' | 'ERR_IO'; says: string }>> = {
  ENOENT: {
    code: 'ERR_NOT_FOUND',
    says: 'does not exist. Check the spelling and the working directory.',
  },
  ENOTDIR: {
    code: 'ERR_NOT_FOUND',
    says: 'does not exist: a part of the path is not a directory.',
  },
  EACCES: {
    code: 'ERR_IO',
    says: 'may not be read. Check the permissions of the file and its folders.',
  },
  EPERM: {
    code: 'ERR_IO',
    says: 'may not be read. Check the permissions of the file and its folders.',
  },
  EISDIR: { code: 'ERR_IO', says: 'is a directory. Name a file in it.' },
  ELOOP: { code: 'ERR_IO', says: 'is a symbolic link that leads in circles.' },
  ENAMETOOLONG: { code: 'ERR_IO', says: 'is too long for a path.' },
  EMFILE: {
    code: 'ERR_IO',
    says: 'cannot be opened: too many files are open. Use fewer at a time or raise the limit (ulimit -n).',
  },
  ENFILE: { code: 'ERR_IO', says: 'cannot be opened: too many files are open in the system.' },
  ENOSPC: { code: 'ERR_IO', says: 'cannot be written to a temporary file: the disk is full.' },
}

function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const code: unknown = Reflect.get(error, 'code')
  return typeof code === 'string' ? code : undefined
}
