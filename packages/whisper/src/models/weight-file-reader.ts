import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

import { DOWNLOAD_AGAIN, modelError } from './model-error.js'

/** An open file of weights, of which any part can be read. */
export interface WeightFileReader {
  /** Where it lies. */
  readonly path: string
  /** Length in bytes. */
  readonly size: number
  /** Time of its last change, in milliseconds. */
  readonly changed: number
  /** Exactly `length` bytes from `offset` on; ERR_MODEL when the file does not have them. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>
  /** Closes it. */
  close(): Promise<void>
}

/** Opens a file of weights. ERR_MODEL when that is not possible. */
export async function openWeightFile(path: string): Promise<WeightFileReader> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (cause) {
    throw modelError(path, 'the weights cannot be opened', 'Check that the file can be read.', {
      cause,
    })
  }
  const { size, mtimeMs } = await file.stat()
  return {
    path,
    size,
    changed: mtimeMs,
    async read(offset, length) {
      if (offset + length > size) {
        const problem = `the file ends at byte ${size}, where ${length} bytes from ${offset} on should be`
        throw modelError(path, problem, DOWNLOAD_AGAIN, { byteOffset: size })
      }
      const bytes = new Uint8Array(length)
      // One call reads at most 2 GiB.
      for (let done = 0; done < length;) {
        const { bytesRead } = await file.read(bytes, {
          offset: done,
          length: Math.min(length - done, 1 << 30),
          position: offset + done,
        })
        if (bytesRead === 0) {
          throw modelError(path, 'the file became shorter while it was read', DOWNLOAD_AGAIN)
        }
        done += bytesRead
      }
      return bytes
    },
    async close() {
      await file.close()
    },
  }
}
