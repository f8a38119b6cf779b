import { AudioDecodeError } from '../errors.js'
import type { Limits } from '../limits.js'
import { tooLarge } from './input-errors.js'
import { readStream } from './read-stream.js'

/**
 * The body of a response. A status outside 200–299 is ERR_NOT_FOUND (404, 410) or ERR_IO; a Content-Length above the limit is
 * refused before the body; a body that does not match its Content-Length is ERR_IO.
 */
export async function readResponse(
  response: Response,
  label: string,
  limits: Limits,
  signal?: AbortSignal,
  onChunk?: () => void,
): Promise<Uint8Array> {
  if (response.bodyUsed) throw new TypeError('the body of the response was already read')
  try {
    checkStatus(response, label)
    const promised = promisedLength(response)
    if (promised !== null && promised > limits.maxInputBytes) {
      throw tooLarge(label, promised, limits.maxInputBytes)
    }
    const bytes = await readStream(response.body ?? emptyStream(), {
      label,
      limits,
      signal,
      onChunk,
      promisedBytes: promised ?? 0,
    })
    if (promised !== null && bytes.byteLength !== promised) {
      throw cutShort(label, bytes.byteLength, promised)
    }
    return bytes
  } catch (error) {
    // Frees the connection when the body was refused unread; a body that is being read has been cancelled already.
    if (response.body?.locked === false) response.body.cancel().catch(() => {})
    throw error
  }
}

function checkStatus({ status, ok, statusText }: Response, label: string): void {
  if (ok) return
  const missing = status === 404 || status === 410
  const found = `${label} was answered with status ${status} ${statusText}`.trimEnd()
  throw new AudioDecodeError(
    missing ? 'ERR_NOT_FOUND' : 'ERR_IO',
    `${found}. ${missing ? 'Check the address.' : 'Check the address and the access rights, or try again later.'}`,
    { input: label },
  )
}

/** Content-Length, where it counts the bytes that the body yields: not when they are decompressed on the way. */
function promisedLength({ headers }: Response): number | null {
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding.toLowerCase() !== 'identity') return null
  const length = headers.get('content-length')
  return length !== null && /^\d+$/.test(length) ? Number(length) : null
}

function cutShort(label: string, got: number, promised: number): AudioDecodeError {
  return new AudioDecodeError(
    'ERR_IO',
    `${label} ended after ${got} of ${promised} bytes. The transfer was cut; try again.`,
    { input: label, byteOffset: got },
  )
}

async function* emptyStream(): AsyncGenerator<Uint8Array> {}
