import { open } from 'node:fs/promises'

import type { Limits } from '../limits.js'
import { collectBytes } from './byte-collector.js'
import { toInputError } from './input-errors.js'
import { readAt } from './open-path.js'
import type { ResolvedInput } from './resolved-input.js'

/** Bytes read from a file at a time. */
const PIECE_BYTES = 1024 * 1024

/** All bytes of an input: the private copy it has, or the file read whole. For backends that take no paths. */
export async function toBytes(
  input: ResolvedInput,
  { limits, signal }: { readonly limits: Limits; readonly signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  if (input.bytes !== null) return input.bytes
  const { path, label, size } = input
  const collector = collectBytes(label, limits, signal, size)
  try {
    const file = await open(path!, 'r')
    try {
      for (;;) {
        signal?.throwIfAborted()
        const piece = await readAt(file, collector.size(), PIECE_BYTES)
        if (piece.length === 0) break
        await collector.add(piece)
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw toInputError(error, label)
  }
  return collector.finish()
}
