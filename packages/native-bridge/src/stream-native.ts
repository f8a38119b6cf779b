import type { BackendRequest, BackendResult } from '@audiodecode/core'

import { allocateSamples } from './allocate-samples.js'
import { toBlockReport } from './from-native.js'
import type { NativeDecoder } from './native-binding.js'
import type { NativeCalls } from './native-calls.js'
import { toNativeRequest } from './to-native-request.js'

/** Decodes a range block by block; memory is one block. Leaving the loop lets the file go. */
export async function* streamNative(
  decoder: NativeDecoder,
  request: BackendRequest & { readonly blockFrames: number },
  calls: NativeCalls,
  backend: string,
  input: string,
): AsyncGenerator<BackendResult, void, undefined> {
  const { signal, blockFrames } = request
  const stream = await calls.run(signal, async (token) =>
    decoder.openStream(toNativeRequest(request), token),
  )
  const { channels, sampleRate } = stream
  let start = 0
  try {
    for (;;) {
      const block = allocateSamples(channels * blockFrames, backend, input)
      const { frames, report } = await calls.run(signal, async (token) => stream.read(block, token))
      if (frames > 0) {
        // A short block is copied, so that its buffer holds nothing but samples.
        const data = frames === blockFrames ? block : block.slice(0, channels * frames)
        yield { data, channels, sampleRate, report: toBlockReport(report, start, frames) }
      }
      if (frames < blockFrames) return
      start += frames
    }
  } finally {
    stream.close()
  }
}
