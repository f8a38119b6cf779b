import type {
  AudioBackend,
  BackendRequest,
  BackendSource,
  BackendTier,
  PluginStatus,
  Probe,
} from '@audiodecode/core'
import { isAudioDecodeError } from '@audiodecode/core'

import type { AddonPackage } from './advise-addon.js'
import { loadBindingOnce } from './load-binding-once.js'
import type { NativeBinding } from './native-binding.js'
import { openNativeHandle } from './native-handle.js'

/** What makes one native backend differ from another. */
export interface NativeBackendOptions {
  /** Name of the backend. */
  readonly name: string
  /** When it is asked. */
  readonly tier: BackendTier
  /** Where its addons are, for the advice when one is missing. */
  readonly addon: AddonPackage
  /** Loads the addon. Called at the first use, never at import; may throw. */
  readonly loadBinding: () => NativeBinding
  /** Whether it might read this. Must not load the addon. */
  readonly supports: (probe: Probe) => boolean
}

/**
 * A backend on a native addon. Range, rate, mono and a shared `out` are done by the addon's pipeline, off the event loop, on
 * the addon's own threads. A missing addon is ERR_BACKEND_UNAVAILABLE with advice, at the first use.
 */
export function createNativeBackend(options: NativeBackendOptions): AudioBackend {
  const { name, tier, addon, supports } = options
  const binding = loadBindingOnce(name, addon, options.loadBinding, 'openDecoder')
  const open: NonNullable<AudioBackend['open']> = async (source, request) =>
    openNativeHandle(binding(), name, source, request)
  return {
    name,
    tier,
    supports,
    capabilities: { range: true, resample: true, mono: true, out: true, inputs: ['path', 'bytes'] },
    open,
    peekFile: async (path, position, length) => binding().peekFile(path, position, length),
    decode: async (source, request) => {
      const handle = await open(source, request)
      return finish(handle, async () => handle.decode(request))
    },
    info: async (source: BackendSource, request: BackendRequest) => {
      const handle = await open(source, request)
      return finish(handle, async () => handle.info)
    },
    status: async (): Promise<PluginStatus> => {
      try {
        return { available: true, version: binding().version(), hint: null }
      } catch (error) {
        if (!isAudioDecodeError(error)) throw error
        return { available: false, version: null, hint: error.message }
      }
    },
  }
}

async function finish<T>(handle: { close(): Promise<void> }, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    await handle.close()
  }
}
