import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { toInputError } from './input-errors.js'
import type { ResolvedInput } from './resolved-input.js'

/** A path that holds the input until it is disposed of. */
export interface TemporaryPath extends AsyncDisposable {
  readonly path: string
}

/** Bytes written at a time. */
const PIECE_BYTES = 4 * 1024 * 1024

/**
 * A path to read the input from, for backends that take no bytes: the input's own, or a temporary file that only this user can
 * read and that disposing removes. Rejects with ERR_IO when it cannot be written, with `signal.reason` when cancelled; nothing
 * is left behind then.
 */
export async function toTemporaryPath(
  input: ResolvedInput,
  signal?: AbortSignal,
): Promise<TemporaryPath> {
  signal?.throwIfAborted()
  if (input.path !== null) return { path: input.path, async [Symbol.asyncDispose]() {} }
  let folder: string | undefined
  try {
    folder = await mkdtemp(join(tmpdir(), 'audiodecode-'))
    const path = join(folder, input.extension === null ? 'input' : `input.${input.extension}`)
    await writePieces(path, input.bytes!, signal)
    return { path, [Symbol.asyncDispose]: remover(folder) }
  } catch (error) {
    if (folder !== undefined) await remover(folder)()
    signal?.throwIfAborted()
    throw toInputError(error, input.label)
  }
}

async function writePieces(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    for (let at = 0; at < bytes.length;) {
      signal?.throwIfAborted()
      const { bytesWritten } = await file.write(bytes, at, Math.min(PIECE_BYTES, bytes.length - at))
      at += bytesWritten
    }
  } finally {
    await file.close()
  }
}

function remover(folder: string): () => Promise<void> {
  return async () => rm(folder, { recursive: true, force: true })
}
