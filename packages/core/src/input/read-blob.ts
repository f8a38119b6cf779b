import type { Limits } from '../limits.js'
import { abortable } from './abortable.js'
import { collectBytes } from './byte-collector.js'
import { tooLarge, toInputError } from './input-errors.js'

/** Bytes taken from the blob at a time. */
const PIECE_BYTES = 1024 * 1024

/** All bytes of a Blob, piece by piece. A blob on a file that changed meanwhile is ERR_IO. */
export async function readBlob(
  blob: Blob,
  label: string,
  limits: Limits,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { size } = blob
  if (size > limits.maxInputBytes) throw tooLarge(label, size, limits.maxInputBytes)
  const collector = collectBytes(label, limits, signal, size)
  for (let at = 0; at < size; at += PIECE_BYTES) {
    try {
      const piece = blob.slice(at, at + PIECE_BYTES).arrayBuffer()
      await collector.add(new Uint8Array(await abortable(piece, signal)))
    } catch (error) {
      signal?.throwIfAborted()
      throw toInputError(error, label)
    }
  }
  return collector.finish()
}
