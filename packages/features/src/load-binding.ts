import { createRequire } from 'node:module'

import { loadBindingOnce } from '@audiodecode/native-bridge'
import type { AddonBinding, NativeBinding, NativeCancelToken } from '@audiodecode/native-bridge'

/**
 * What the addon exports. Its functions work on planar samples, channel after channel, and fill the matrices of all channels one
 * after the other; the arrays belong to it until the promise settles.
 */
export interface FeaturesBinding extends AddonBinding, Pick<NativeBinding, 'CancelToken'> {
  /** Whisper's log-mel spectrogram. */
  whisperLogMel(
    samples: Float32Array,
    out: Float32Array,
    channels: number,
    mels: number,
    threads: number,
    token: NativeCancelToken,
  ): Promise<void>
}

/** Platforms with a prebuilt addon: `napi.targets` of package.json, as a test checks. */
export const PLATFORMS: readonly string[] = [
  'linux-x64-gnu',
  'linux-x64-musl',
  'linux-arm64-gnu',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
]

/** The addon, loaded at the first call. ERR_BACKEND_UNAVAILABLE with advice where there is none. */
export const loadBinding: () => FeaturesBinding = loadBindingOnce(
  undefined,
  { packageName: '@audiodecode/features', platforms: PLATFORMS },
  requireBinding,
  'whisperLogMel',
)

/** Through the generated loader, and by package name, so that it is also found from a bundle. */
function requireBinding(): FeaturesBinding {
  // In a bundle of CommonJS format import.meta is empty.
  const here = import.meta.url ?? __filename
  return createRequire(here)('@audiodecode/features/binding') as FeaturesBinding
}
