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

/** V8 looks for what can be freed when so much has been allocated outside of its heap. */
const ENOUGH_FOR_V8 = 1 << 26

/**
 * Counts what the consumer has not let go of, and what V8 has not freed yet: it looks when 64 MiB of arrays have been allocated, and
 * what has gathered until then is memory, too. When that is more than `mostGathered`, V8 is led to look: by an array of 64 MiB that
 * nobody touches, so that it has no pages.
 */
export function createTakenBatches(mostGathered: number): TakenBatches {
  let total = 0
  let last = 0
  let atLook = 0
  const registry = new FinalizationRegistry<number>((bytes) => {
    total -= bytes
    atLook = Math.min(atLook, total)
  })
  const count = (buffer: ArrayBufferLike): void => {
    total += buffer.byteLength
    registry.register(buffer, buffer.byteLength)
    if (total - atLook <= mostGathered || mostGathered >= ENOUGH_FOR_V8) return
    atLook = total
    void new ArrayBuffer(ENOUGH_FOR_V8)
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
