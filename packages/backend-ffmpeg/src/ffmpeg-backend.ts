import type { AudioBackend, PluginStatus } from '@audiodecode/core'
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

const backend = createNativeBackend({
  name: 'ffmpeg',
  tier: 'fallback',
  addon: {
    packageName: '@audiodecode/backend-ffmpeg',
    platforms: PLATFORMS,
  },
  loadBinding,
  supports: supportsProbe,
})

/**
 * The backend on the FFmpeg of the system: HE-AAC, WMA, AC-3, DTS, video files and whatever else it reads. Importing this package
 * registers it; the addon is loaded by the first decode, and FFmpeg by the addon. Without an FFmpeg of a supported version that
 * decode is ERR_BACKEND_UNAVAILABLE, and `status()` says what was found and what to install. Bytes are copied once more, into the
 * addon, off the event loop.
 */
export const ffmpegBackend: AudioBackend = { ...backend, status: libraryStatus }

/** The version is FFmpeg's: the addon is nothing without it. */
async function libraryStatus(): Promise<PluginStatus> {
  const addon = await backend.status!()
  if (!addon.available) return addon
  const { version = null, hint = null } = loadBinding().libraryStatus()
  return { available: version !== null, version, hint }
}
