import type { AudioBackend } from '@audiodecode/core'
import { createNativeBackend } from '@audiodecode/native-bridge'

import { loadBinding } from './load-binding.js'
import { supportsProbe } from './supports-probe.js'

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

/**
 * The preferred backend, in Rust: WAV, AIFF, CAF, FLAC, ALAC, MP1/2/3, AAC-LC (ADTS, MP4, Matroska), Vorbis, Opus, ADPCM.
 * Importing this package registers it; the addon is loaded by the first decode. Bytes are copied once more, into the addon,
 * off the event loop.
 */
export const rustBackend: AudioBackend = createNativeBackend({
  name: 'rust',
  tier: 'preferred',
  addon: {
    packageName: '@audiodecode/backend-rust',
    platforms: PLATFORMS,
  },
  loadBinding,
  supports: supportsProbe,
})
