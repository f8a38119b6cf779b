import { availableParallelism } from 'node:os'

import { AudioDecodeError, threadBudget } from '@audiodecode/core'

import { adviseAddon } from './advise-addon.js'
import type { AddonPackage } from './advise-addon.js'

/** What an addon has to have to be loaded by `loadBindingOnce`. */
export interface AddonBinding {
  /** How many threads work at the same time in this addon. */
  setThreads(threads: number): void
}

/**
 * A function that gives the addon, loading it at the first call and telling it the thread budget whenever that changed.
 * A failure, to which an addon counts that lacks the function `entry`, is ERR_BACKEND_UNAVAILABLE and is tried again at the next
 * call.
 */
export function loadBindingOnce<B extends AddonBinding>(
  backend: string | undefined,
  addon: AddonPackage,
  loadBinding: () => B,
  entry: keyof B & string,
): () => B {
  let binding: B | undefined
  // The addon's own default, so that a worker thread that never called configure() leaves the process's choice alone.
  let threads = availableParallelism()
  return () => {
    binding ??= loadAddon(backend, addon, loadBinding, entry)
    const budget = threadBudget()
    if (budget !== threads) {
      binding.setThreads(budget)
      threads = budget
    }
    return binding
  }
}

/** An addon. A failure, to which one counts that lacks the function `entry`, is ERR_BACKEND_UNAVAILABLE with advice. */
export function loadAddon<B extends object>(
  backend: string | undefined,
  addon: AddonPackage,
  loadBinding: () => B,
  entry: keyof B & string,
): B {
  try {
    const binding = loadBinding()
    if (typeof binding[entry] !== 'function') {
      throw new TypeError(`the addon does not export ${entry}: it is of another version`)
    }
    return binding
  } catch (cause) {
    throw new AudioDecodeError('ERR_BACKEND_UNAVAILABLE', adviseAddon(addon, cause), {
      backend,
      cause,
    })
  }
}
