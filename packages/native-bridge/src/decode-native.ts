import type { BackendRequest, BackendResult } from '@audiodecode/core'

import { allocateSamples } from './allocate-samples.js'
import { toReport } from './from-native.js'
import type { NativeCancelToken, NativeDecode, NativeDecoder } from './native-binding.js'
import { toNativeRequest } from './to-native-request.js'

/**
 * Decodes a range into a buffer of exactly its length: the caller's when it is shared memory and large enough, otherwise one
 * that stays private until the promise settles, so that nobody can take it away from the thread that fills it.
 */
export async function decodeNative(
  decoder: NativeDecoder,
  request: BackendRequest,
  token: NativeCancelToken,
  backend: string,
  input: string,
): Promise<BackendResult> {
  const decode = decoder.prepare(toNativeRequest(request))
  const { channels, sampleRate } = decode
  const own = (frames: number): Float32Array => allocateSamples(channels * frames, backend, input)
  const target = (frames: number): Float32Array =>
    sharedOut(request.out, channels * frames) ?? own(frames)
  // What lies behind the result in the caller's memory is not ours to write.
  const first = decode.framesExact ? target : own
  const { data, report } = await fill(decode, { first, target }, token)
  return { data, channels, sampleRate, report: toReport(report) }
}

async function fill(
  decode: NativeDecode,
  { first, target }: Record<'first' | 'target', (frames: number) => Float32Array>,
  token: NativeCancelToken,
): Promise<{ data: Float32Array; report: Awaited<ReturnType<NativeDecode['run']>>['report'] }> {
  const planned = decode.frames === null ? null : first(decode.frames)
  const { frames, spilled, report } = await decode.run(planned, token)
  if (!spilled && planned !== null) return { data: planned, report }
  // Taken before there is an exact one, which lies in the same place when it is the caller's.
  const source = planned !== null && isShared(planned) ? planned.slice() : planned
  const exact = target(frames)
  await decode.copyInto(exact, source, token)
  return { data: exact, report }
}

/** The beginning of `out` when native threads may write there. Core copies into any other `out` itself. */
function sharedOut(out: Float32Array | undefined, length: number): Float32Array | undefined {
  if (out === undefined || out.length < length) return undefined
  return isShared(out) ? out.subarray(0, length) : undefined
}

function isShared({ buffer }: Float32Array): boolean {
  // By name, since the buffer may come from another realm.
  return Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]'
}
