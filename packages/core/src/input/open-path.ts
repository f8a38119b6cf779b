import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'

import { AudioDecodeError } from '../errors.js'
import type { Limits } from '../limits.js'
import { abortable } from './abortable.js'
import { extensionOf } from './extension-of.js'
import { emptyInput, tooLarge, toInputError } from './input-errors.js'
import { peekPath } from './peek-path.js'
import { readHeader } from './read-header.js'
import type { ResolvedInput } from './resolved-input.js'

/** A regular file that can be read. Pipes and devices are refused without opening them, so nothing here can block. */
export async function openPath(
  path: string,
  label: string,
  limits: Limits,
  signal?: AbortSignal,
): Promise<ResolvedInput> {
  if (path === '') throw new TypeError('the path is an empty string')
  if (path.includes('\0')) throw new TypeError('the path contains a null character')
  const absolute = resolve(path)
  const extension = extensionOf(path)
  const head = await abortable(peekPath(absolute), signal)
  signal?.throwIfAborted()
  if (head !== null && head.size <= limits.maxInputBytes) {
    return { path: absolute, bytes: null, label, ...head, extension }
  }
  try {
    checkKind(await stat(absolute), label)
    // Should the file become a pipe in between, O_NONBLOCK keeps open() from waiting for a writer. Windows has no such flag.
    const file = await open(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const found = await file.stat()
      checkKind(found, label)
      const { size } = found
      if (size > limits.maxInputBytes) throw tooLarge(label, size, limits.maxInputBytes)
      if (size === 0) throw emptyInput(label)
      const header = await readHeader((position, length) => readAt(file, position, length), size)
      signal?.throwIfAborted()
      if (header.length === 0) throw emptyInput(label)
      return { path: absolute, bytes: null, label, size, header, extension }
    } finally {
      await file.close()
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw toInputError(error, label)
  }
}

function checkKind(found: { isFile(): boolean; isDirectory(): boolean }, label: string): void {
  if (found.isFile()) return
  throw new AudioDecodeError(
    'ERR_IO',
    found.isDirectory()
      ? `${label} is a directory. Name a file in it.`
      : `${label} is a pipe, socket or device, not a file. Pass a stream of it instead, such as createReadStream(path).`,
    { input: label },
  )
}

/** Up to `length` bytes at a position; a short read goes on until the end of the file. */
export async function readAt(
  file: FileHandle,
  position: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}
