import { AudioDecodeError } from '@audiodecode/core'
import type { BackendHandle, BackendRequest, BackendSource } from '@audiodecode/core'

import { decodeNative } from './decode-native.js'
import { toAudioInfo } from './from-native.js'
import type { NativeBinding } from './native-binding.js'
import { createNativeCalls } from './native-calls.js'
import { streamNative } from './stream-native.js'
import { toNativeOpenOptions } from './to-native-request.js'

/** Opens a file in native code. Reads may overlap; `close` ends them, and later ones are ERR_CLOSED. */
export async function openNativeHandle(
  binding: NativeBinding,
  backend: string,
  source: BackendSource,
  request: BackendRequest,
): Promise<BackendHandle> {
  const input = source.label
  const calls = createNativeCalls(binding, backend, input)
  const decoder = await calls.run(request.signal, async (token) =>
    binding.openDecoder(placeOf(source), toNativeOpenOptions(request), token),
  )
  return {
    info: toAudioInfo(decoder.info, backend),
    decode: async (range) =>
      calls.run(range.signal, async (token) => decodeNative(decoder, range, token, backend, input)),
    blocks: (range) => streamNative(decoder, range, calls, backend, input),
    close: async () => {
      decoder.close()
      await calls.close()
    },
  }
}

function placeOf({ path, bytes, label }: BackendSource): string | Uint8Array {
  const place = path ?? bytes
  if (place === null)
    throw new AudioDecodeError('ERR_IO', `${label}: there is neither a path nor bytes`)
  return place
}
