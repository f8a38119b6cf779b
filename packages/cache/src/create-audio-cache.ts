import type { AudioCache, AudioCacheStats, AudioData, CacheKey } from '@audiodecode/core'

import { checkCacheOptions } from './cache-options.js'
import type { AudioCacheOptions, CacheSettings } from './cache-options.js'
import { copyAudio } from './copy-audio.js'
import { createDiskTier } from './disk-tier.js'
import type { DiskTier } from './disk-tier.js'
import { Flight } from './flight.js'
import { handOut } from './hand-out.js'
import { groupName, spanName } from './key-name.js'
import { createMemoryTier } from './memory-tier.js'
import type { MemoryTier } from './memory-tier.js'

/**
 * A cache of decoded audio, to be passed as `cache` to `load` and `loadBatch`, or to `registerCache`. A hit is a copy, so that
 * nobody can spoil it; `shared: true` is the zero-copy choice for callers that never write or transfer.
 *
 * A decode is stored when it is done, in memory and, with `directory`, on disk. A stored longer range serves a shorter one. After
 * `close()` it stores nothing more: every load decodes.
 *
 * @throws TypeError or RangeError for bad options.
 */
export function createAudioCache(options?: AudioCacheOptions): AudioCache {
  return new TieredCache(checkCacheOptions(options))
}

type Decode = Parameters<AudioCache['load']>[1]

/** What came of a flight. */
interface Landed {
  readonly audio: AudioData
  /** Whether the cache keeps these samples, so that callers need their own. */
  readonly isKept: boolean
}

class TieredCache implements AudioCache {
  readonly #shared: boolean
  readonly #memory: MemoryTier
  readonly #disk: DiskTier | null
  readonly #flights = new Map<string, Flight<Landed>>()
  #hits = 0
  #misses = 0
  #joined = 0
  /** Counts the times that everything was forgotten: what was begun before is not stored after. */
  #age = 0
  #closed = false

  constructor({ maxBytes, maxEntryBytes, shared, directory, maxDiskBytes }: CacheSettings) {
    this.#shared = shared
    this.#memory = createMemoryTier(maxBytes, maxEntryBytes)
    this.#disk =
      directory === null
        ? null
        : createDiskTier(directory, { maxBytes: maxDiskBytes, maxEntryBytes })
  }

  get stats(): AudioCacheStats {
    const { bytes, entries, evictions } = this.#memory
    return {
      hits: this.#hits,
      misses: this.#misses,
      joined: this.#joined,
      evictions,
      bytes,
      entries,
    }
  }

  async load(key: CacheKey, decode: Decode, signal?: AbortSignal): Promise<AudioData> {
    signal?.throwIfAborted()
    if (this.#closed) return decode(signal ?? new AbortController().signal)
    const found = this.#memory.find(key)
    if (found !== null) {
      this.#hits++
      return handOut(found, this.#shared, signal)
    }
    const flight = this.#flightFor(key, decode)
    const { audio, isKept } = await flight.wait(signal)
    // What nobody keeps and one caller waited for is that caller's.
    if (this.#shared || (!isKept && flight.joined === 1)) return audio
    return copyAudio(audio, signal)
  }

  clear(): void {
    this.#age++
    this.#flights.clear()
    this.#memory.clear()
    this.#disk?.clear()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#age++
    this.#flights.clear()
    this.#memory.clear()
    await this.#disk?.close()
  }

  #flightFor(key: CacheKey, decode: Decode): Flight<Landed> {
    const name = `${groupName(key)}|${spanName(key)}`
    const under = this.#flights.get(name)
    if (under !== undefined && !under.isAbandoned) {
      this.#joined++
      return under
    }
    const flight = new Flight(async (signal) => {
      try {
        return await this.#fetch(key, decode, signal)
      } finally {
        if (this.#flights.get(name) === flight) this.#flights.delete(name)
      }
    })
    this.#flights.set(name, flight)
    return flight
  }

  async #fetch(key: CacheKey, decode: Decode, signal: AbortSignal): Promise<Landed> {
    const age = this.#age
    const stored = this.#disk === null ? null : await this.#disk.find(key, signal)
    if (stored === null) this.#misses++
    else this.#hits++
    const audio = stored ?? (await decode(signal))
    if (age !== this.#age) return { audio, isKept: false }
    const isWritten = stored === null && this.#disk?.store(key, audio) === true
    const isKept = this.#memory.store(key, audio) || isWritten
    return { audio, isKept }
  }
}
