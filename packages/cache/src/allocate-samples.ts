import { Buffer } from 'node:buffer'

/**
 * Memory for samples, in an ArrayBuffer of its own that can be transferred. Not zeroed, which would take as long as the copy: to be
 * handed out only when completely filled.
 */
export function allocateSamples(length: number): Float32Array {
  if (length === 0) return new Float32Array(0)
  const bytes = length * Float32Array.BYTES_PER_ELEMENT
  const { buffer, byteOffset } = Buffer.allocUnsafeSlow(bytes)
  // Some hosts of Node hand out a part of something larger, which must not be transferred.
  if (byteOffset === 0 && buffer.byteLength === bytes) return new Float32Array(buffer)
  return new Float32Array(length)
}
