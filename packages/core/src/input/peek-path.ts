import { types } from 'node:util'

import type { AudioBackend, FilePeek } from '../audio-backend.js'
import { listBackends } from '../registry.js'
import { HEADER_BYTES, readHeader } from './read-header.js'

/** What is known of a file once its first bytes are read. */
export interface FileHead {
  /** In bytes. */
  readonly size: number
  /** See `readHeader`. */
  readonly header: Uint8Array
}

/**
 * The head of a regular file in one call of the first backend that can peek, two where a tag lies in front. Null when there is no
 * such backend, and whenever anything is unusual.
 */
export async function peekPath(absolute: string): Promise<FileHead | null> {
  const backend = listBackends().find(canPeek)
  if (backend === undefined) return null
  const peek = async (position: number, length: number): Promise<FilePeek> => {
    const found = await backend.peekFile(absolute, position, length)
    if (found === null || !isPeek(found)) throw new Error('there is something to be told')
    return found
  }
  try {
    const { size, bytes } = await peek(0, HEADER_BYTES)
    const header = await readHeader(async (position, length) => {
      return position === 0 ? bytes : (await peek(position, length)).bytes
    }, size)
    return { size, header }
  } catch {
    // Whatever it was, who looks by other means meets it again and tells it better.
    return null
  }
}

function canPeek(
  backend: AudioBackend,
): backend is AudioBackend & Required<Pick<AudioBackend, 'peekFile'>> {
  return backend.peekFile !== undefined
}

function isPeek({ size, bytes }: FilePeek): boolean {
  return Number.isSafeInteger(size) && size > 0 && types.isUint8Array(bytes) && bytes.length > 0
}
