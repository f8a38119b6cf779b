import { Buffer } from 'node:buffer'

import { AudioDecodeError } from '@audiodecode/core'

/**
 * Memory for samples, in an ArrayBuffer of V8 that can be transferred, not zeroed: zeroing hundreds of megabytes would hold
 * the main thread, and the decoding thread writes every sample anyway. To be handed out only when completely filled.
 *
 * @throws AudioDecodeError ERR_LIMIT_EXCEEDED when there is not that much memory.
 */
export function allocateSamples(
  length: number,
  backend: string | undefined,
  input: string,
): Float32Array {
  if (length === 0) return new Float32Array(0)
  const bytes = length * Float32Array.BYTES_PER_ELEMENT
  try {
    const { buffer, byteOffset } = Buffer.allocUnsafeSlow(bytes)
    // Some hosts of Node hand out a part of something larger, which must not be transferred.
    if (byteOffset === 0 && buffer.byteLength === bytes) return new Float32Array(buffer)
    return new Float32Array(length)
  } catch (cause) {
    throw new AudioDecodeError(
      'ERR_LIMIT_EXCEEDED',
      `${input}: there is no memory for ${bytes} bytes of samples. Read it in blocks with stream(), or give offset and duration.`,
      { backend, input, cause },
    )
  }
}
