import { askBackends } from './ask-backends.js'
import type { AudioCache } from './audio-cache.js'
import { createAudioData } from './audio-data.js'
import type { AudioData } from './audio-data.js'
import type { AudioInput } from './audio-input.js'
import { cacheKeyOf } from './cache-key.js'
import { cacheableInput } from './cacheable-input.js'
import type { CacheableInput } from './cacheable-input.js'
import type { CheckedOptions } from './check-options.js'
import { checkLength } from './check-result.js'
import { writeOut } from './copy-samples.js'
import { decodeInput } from './decode-input.js'
import { isAudioDecodeError } from './errors.js'
import type { FrameFacts } from './frame-span.js'
import { abortable } from './input/abortable.js'
import { lookInto } from './look-into.js'

/** `load` through a cache. */
export async function loadCached(
  cache: AudioCache,
  input: AudioInput,
  options: CheckedOptions,
): Promise<AudioData> {
  const { out, outLength, signal, limits, onProgress } = options
  for (;;) {
    const cacheable = await cacheableInput(input, options)
    const attempt = await attemptLoad(cache, cacheable, options)
    if (attempt === 'again') continue
    const { audio, decoded } = attempt
    const { data, channels, frames, sampleRate, startSeconds, backend, report } = audio
    if (decoded === 'for-me-alone') return audio
    // It may have been decoded for someone who allowed more.
    checkLength(frames, channels, sampleRate, limits, cacheable.label(), backend)
    if (decoded === 'for-another') {
      const seconds = audio.durationSeconds
      onProgress?.({ decodedSeconds: seconds, totalSeconds: seconds })
    }
    if (out === undefined) return audio
    const written = await writeOut(data, out, outLength, signal)
    return createAudioData({ data: written, channels, sampleRate, startSeconds, backend, report })
  }
}

interface Loaded {
  readonly audio: AudioData
  /** Who asked for the decode that it comes from; alone: past the cache. */
  readonly decoded: 'for-me-alone' | 'for-me' | 'for-another'
}

async function attemptLoad(
  cache: AudioCache,
  input: CacheableInput,
  options: CheckedOptions,
): Promise<Loaded | 'again'> {
  const { signal, onProgress } = options
  const alone = async (): Promise<Loaded> => {
    const audio = await decodeInput(await input.probe(signal), options)
    return { audio, decoded: 'for-me-alone' }
  }
  if (input.source === null) return alone()
  const find = async (exact: boolean): Promise<FrameFacts> => findFacts(input, options, exact)
  let mine = false
  // The cache may share one decode among callers, so that none of them may end it or own its memory.
  const decode = async (shared: AbortSignal): Promise<AudioData> => {
    mine = true
    const progress: CheckedOptions['onProgress'] = (now) => {
      if (signal?.aborted !== true) onProgress?.(now)
    }
    const audio = await decodeInput(await input.probe(shared), {
      ...options,
      out: undefined,
      signal: shared,
      onProgress: onProgress === undefined ? undefined : progress,
    })
    if (await input.isUnchanged()) return audio
    throw new ChangedSource(audio)
  }
  try {
    const key = await cacheKeyOf(input.source, options, find)
    const audio = await abortable(cache.load(key, decode, signal), signal)
    return { audio, decoded: mine ? 'for-me' : 'for-another' }
  } catch (error) {
    signal?.throwIfAborted()
    if (isChangedSource(error)) {
      // Somebody else's result has an owner already; there is nothing of the file when only its rate was looked at.
      if (!mine) return error.audio === null ? alone() : 'again'
      if (error.audio !== null) return { audio: error.audio, decoded: 'for-me' }
    }
    // Somebody else's limits were narrower, perhaps.
    if (!mine && isAudioDecodeError(error) && error.code === 'ERR_LIMIT_EXCEEDED') return alone()
    throw error
  }
}

async function findFacts(
  input: CacheableInput,
  options: CheckedOptions,
  exact: boolean,
): Promise<FrameFacts> {
  const probed = await input.probe(options.signal)
  const found = await askBackends(probed, options.backends, async (backend) =>
    lookInto(backend, probed, options, exact),
  )
  if (await input.isUnchanged()) return found
  throw new ChangedSource(null)
}

const BRAND: unique symbol = Symbol.for('@audiodecode/core:changed-source')

/** Keeps a cache from storing what was decoded while the file changed: it may be neither the old content nor the new. */
class ChangedSource extends Error {
  readonly [BRAND] = true
  /** What was decoded. */
  readonly audio: AudioData | null

  constructor(audio: AudioData | null) {
    super('the file changed while it was decoded')
    this.audio = audio
  }
}

// By brand, since two copies of this package may share a cache.
function isChangedSource(error: unknown): error is ChangedSource {
  return typeof error === 'object' && error !== null && Reflect.get(error, BRAND) === true
}
