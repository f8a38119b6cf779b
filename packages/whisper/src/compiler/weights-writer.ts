import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

import { bytesOf } from './onnx-types.js'
import type { OnnxTensor } from './onnx-types.js'

/** Where in the file of weights a tensor lies. */
export interface WrittenTensor {
  readonly offset: number
  readonly length: number
}

/** What a finished file holds. */
export interface WrittenFile {
  /** Length in bytes. */
  readonly bytes: number
  /** Checksum, in hexadecimal digits. */
  readonly sha256: string
}

/** A file of weights that is written one tensor after the other. */
export interface WeightsWriter {
  write(tensor: OnnxTensor): Promise<WrittenTensor>
  /** Puts the file on the disk and closes it. */
  finish(): Promise<WrittenFile>
  /** Closes it as it is. */
  abandon(): Promise<void>
}

/** Tensors begin at multiples of a memory page, so that they can be used where they lie in a mapped file. */
const ALIGNMENT = 4096

/** Creates a file of weights. */
export async function createWeightsWriter(path: string): Promise<WeightsWriter> {
  const file = await open(path, 'wx')
  const hash = createHash('sha256')
  let position = 0
  const append = async (bytes: Uint8Array): Promise<void> => {
    hash.update(bytes)
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, Math.min(bytes.length - done, 1 << 28))
      done += bytesWritten
    }
    position += bytes.length
  }
  return {
    async write(tensor) {
      const padding = (ALIGNMENT - (position % ALIGNMENT)) % ALIGNMENT
      if (padding > 0) await append(new Uint8Array(padding))
      const bytes = bytesOf(tensor)
      const offset = position
      await append(bytes)
      return { offset, length: bytes.length }
    },
    async finish() {
      await file.sync()
      await file.close()
      return { bytes: position, sha256: hash.digest('hex') }
    },
    async abandon() {
      await file.close()
    },
  }
}
