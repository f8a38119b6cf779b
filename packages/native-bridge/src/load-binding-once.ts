import { availableParallelism } from 'node:os'

import { AudioDecodeError, threadBudget } from '@audiodecode/core'

import { adviseAddon } from './advise-addon.js'
import type { AddonPackage } from './advise-addon.js'
import type { NativeBinding } from './native-binding.js'

/**
 * A function that gives the addon, loading it at the first call and telling it the thread budget whenever that changed.
 * A failure is ERR_BACKEND_UNAVAILABLE and is tried again at the next call.
 */
export function loadBindingOnce(
  backend: string,
  addon: AddonPackage,
  loadBinding: () => NativeBinding,
): () => NativeBinding {
  let binding: NativeBinding | undefined
  // The addon's own default, so that a worker thread that never called configure() leaves the process's choice alone.
  let threads = availableParallelism()
  return () => {
    binding ??= load(backend, addon, loadBinding)
    const budget = threadBudget()
    if (budget !== threads) {
      binding.setThreads(budget)
      threads = budget
    }
    return binding
  }
}

function load(
  backend: string,
  addon: AddonPackage,
  loadBinding: () => NativeBinding,
): NativeBinding {
  try {
    const binding = loadBinding()
    if (typeof binding.openDecoder !== 'function') {
      throw new TypeError('the addon does not export openDecoder: it is of another version')
    }
    return binding
  } catch (cause) {
    throw new AudioDecodeError('ERR_BACKEND_UNAVAILABLE', adviseAddon(addon, cause), {
      backend,
      cause,
    })
  }
}
