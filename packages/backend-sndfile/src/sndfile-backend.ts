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
  name: 'sndfile',
  tier: 'standard',
  addon: {
    packageName: '@audiodecode/backend-sndfile',
    platforms: PLATFORMS,
  },
  loadBinding,
  supports: supportsProbe,
})

/**
 * The backend on the libsndfile of the system: whatever the installed version reads. Importing this package registers it; the
 * addon is loaded by the first decode, and libsndfile by the addon. Without a libsndfile of 1.0.29 or later that decode is
 * ERR_BACKEND_UNAVAILABLE, and `status()` says how to install it. Bytes are copied once more, into the addon, off the event loop.
 */
export const sndfileBackend: AudioBackend = { ...backend, status: libraryStatus }

/** The version is libsndfile's: the addon is nothing without it. */
async function libraryStatus(): Promise<PluginStatus> {
  const addon = await backend.status!()
  if (!addon.available) return addon
  const { version = null, hint = null } = loadBinding().libraryStatus()
  return { available: version !== null, version, hint }
}
