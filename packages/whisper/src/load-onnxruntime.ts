import { AudioDecodeError } from '@audiodecode/core'
import type * as Onnxruntime from 'onnxruntime-node'

/**
 * onnxruntime-node, when it is needed: it has no binaries for musl and for Macs with Intel's processors, where int8 works without.
 * ERR_BACKEND_UNAVAILABLE, with what `user` may do `instead`, when it cannot be loaded.
 */
export async function loadOnnxruntime(user: string, instead: string): Promise<typeof Onnxruntime> {
  try {
    return await import('onnxruntime-node')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AudioDecodeError(
      'ERR_BACKEND_UNAVAILABLE',
      `${user} needs onnxruntime-node, which cannot be loaded here (${why}). ${instead}`,
      { cause },
    )
  }
}
