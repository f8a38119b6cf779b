/** Memory that decoders write into and that is used again. */
export interface ScratchPool {
  /** Bytes there are altogether, in use or not. */
  readonly bytes: number
  /** Bytes that `take` would add to that. */
  growth(length: number): number
  /** Room for so many samples. */
  take(length: number): Float32Array
  /** Gives it back, when nobody reads it any more. */
  give(samples: Float32Array): void
  /** Lets go of what is not in use. */
  clear(): void
}

/** The least that is reserved: 64 KiB. */
const MIN_LENGTH = 1 << 14

/**
 * Memory that native threads write in place (a SharedArrayBuffer, since no one can take it away meanwhile). Used again, its pages are
 * there already, and nothing is left for the garbage collector, which would let hundreds of megabytes gather before it looks.
 */
export function createScratchPool(): ScratchPool {
  const free: SharedArrayBuffer[] = []
  let bytes = 0
  const find = (size: number): number => free.findIndex(({ byteLength }) => byteLength === size)
  return {
    get bytes() {
      return bytes
    },
    growth(length) {
      const size = bytesFor(length)
      return find(size) < 0 ? size : 0
    },
    take(length) {
      const size = bytesFor(length)
      const at = find(size)
      if (at >= 0) return new Float32Array(free.splice(at, 1)[0]!, 0, length)
      bytes += size
      return new Float32Array(new SharedArrayBuffer(size), 0, length)
    },
    give({ buffer }) {
      if (buffer instanceof SharedArrayBuffer) free.push(buffer)
    },
    clear() {
      for (const { byteLength } of free) bytes -= byteLength
      free.length = 0
    },
  }
}

function bytesFor(length: number): number {
  return sizeClass(length) * Float32Array.BYTES_PER_ELEMENT
}

/** The next power of two, or the one between two of them: few classes, so that what is given back fits again. */
export function sizeClass(length: number): number {
  let size = MIN_LENGTH
  while (size < length) size *= 2
  const between = (size / 4) * 3
  return size > MIN_LENGTH && between >= length ? between : size
}
