import type { AudioData } from './audio-data.js'
import type { AudioInput } from './audio-input.js'
import type { CheckedOptions } from './check-options.js'
import { decodeInput } from './decode-input.js'
import { loadCached } from './load-cached.js'
import { probeInput } from './probe-input.js'
import { registeredCache } from './registry.js'

/** `load` with options that are checked already. */
export async function loadChecked(input: AudioInput, options: CheckedOptions): Promise<AudioData> {
  const cache = options.cache === true ? registeredCache() : options.cache
  if (cache !== null && cache !== false) return loadCached(cache, input, options)
  return decodeInput(await probeInput(input, options), options)
}
