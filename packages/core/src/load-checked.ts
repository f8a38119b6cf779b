import type { AudioCache } from './audio-cache.js'
import { createAudioData } from './audio-data.js'
import type { AudioData } from './audio-data.js'
import type { AudioInput } from './audio-input.js'
import { cacheKeyOf } from './cache-key.js'
import type { CheckedOptions } from './check-options.js'
import { checkLength } from './check-result.js'
import { writeOut } from './copy-samples.js'
import { decodeInput } from './decode-input.js'
import { abortable } from './input/abortable.js'
import { probeInput } from './probe-input.js'
import { registeredCache } from './registry.js'
import type { ProbedInput } from './session.js'

/** `load` with options that are checked already. */
export async function loadChecked(input: AudioInput, options: CheckedOptions): Promise<AudioData> {
  const probed = await probeInput(input, options)
  const cache = options.cache === true ? registeredCache() : options.cache
  if (cache === null || cache === false) return decodeInput(probed, options)
  return loadThrough(cache, probed, options)
}

async function loadThrough(
  cache: AudioCache,
  input: ProbedInput,
  options: CheckedOptions,
): Promise<AudioData> {
  const { out, outLength, signal, limits } = options
  const key = await cacheKeyOf(input, options)
  if (key === null) return decodeInput(input, options)
  // The cache may share one decode among callers, so that none of them may end it or own its memory.
  const decode = async (shared: AbortSignal): Promise<AudioData> =>
    decodeInput(input, { ...options, out: undefined, signal: shared })
  const audio = await abortable(cache.load(key, decode, signal), signal)
  const { data, channels, frames, sampleRate, startSeconds, backend, report } = audio
  // It may have been decoded for someone who allowed more.
  checkLength(frames, channels, sampleRate, limits, input.resolved.label, backend)
  if (out === undefined) return audio
  const written = await writeOut(data, out, outLength, signal)
  return createAudioData({ data: written, channels, sampleRate, startSeconds, backend, report })
}
