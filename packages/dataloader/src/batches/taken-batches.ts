import { bytesOf, transferableBuffers } from '../transform/transferable-buffers.js'

/** Bytes of batches that were taken, and of what they were made of, which are still in memory. */
export interface TakenBatches {
  /** Without those of the batch that was taken last. */
  readonly bytes: number
  /** Takes note of a batch. */
  add(value: unknown): void
  /** Takes note of an array that nobody needs any more. */
  drop(array: Float32Array): void
}

/**
 * Counts what the consumer has not let go of, and what V8 has not freed yet: it looks when some 64 MiB of dropped arrays have
 * gathered, and these are memory, too.
 */
export function createTakenBatches(): TakenBatches {
  let total = 0
  let last = 0
  const registry = new FinalizationRegistry<number>((bytes) => {
    total -= bytes
  })
  const count = (buffer: ArrayBufferLike): void => {
    total += buffer.byteLength
    registry.register(buffer, buffer.byteLength)
  }
  return {
    get bytes() {
      return Math.max(0, total - last)
    },
    add(value) {
      last = bytesOf(value)
      for (const buffer of transferableBuffers(value)) count(buffer)
    },
    drop({ buffer }) {
      count(buffer)
    },
  }
}
