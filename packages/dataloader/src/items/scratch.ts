/** Memory that decoders write into and that is used again. */
export interface ScratchPool {
  /** Room for so many samples. */
  take(length: number): Float32Array
  /** Gives it back, when nobody reads it any more. */
  give(samples: Float32Array): void
  /** Lets go of what is not in use. */
  clear(): void
}

/** What is kept without being used, at most: 16 MiB. */
const MAX_FREE_BYTES = 1 << 24

/** The least that is reserved: 64 KiB. */
const MIN_LENGTH = 1 << 14

/**
 * Memory that native threads write in place (a SharedArrayBuffer, since no one can take it away meanwhile). Used again, its pages are
 * there already, and nothing is left for the garbage collector, which would let hundreds of megabytes gather before it looks.
 */
export function createScratchPool(): ScratchPool {
  const free: SharedArrayBuffer[] = []
  let freeBytes = 0
  return {
    take(length) {
      const bytes = sizeClass(length) * Float32Array.BYTES_PER_ELEMENT
      const at = free.findIndex(({ byteLength }) => byteLength === bytes)
      if (at < 0) return new Float32Array(new SharedArrayBuffer(bytes), 0, length)
      const [found] = free.splice(at, 1)
      freeBytes -= bytes
      return new Float32Array(found!, 0, length)
    },
    give({ buffer }) {
      if (!(buffer instanceof SharedArrayBuffer)) return
      if (freeBytes + buffer.byteLength > MAX_FREE_BYTES) return
      free.push(buffer)
      freeBytes += buffer.byteLength
    },
    clear() {
      free.length = 0
      freeBytes = 0
    },
  }
}

/** The next power of two, or the one between two of them: few classes, so that what is given back fits again. */
export function sizeClass(length: number): number {
  let size = MIN_LENGTH
  while (size < length) size *= 2
  const between = (size / 4) * 3
  return size > MIN_LENGTH && between >= length ? between : size
}
