import type { AudioData, CacheKey } from '@audiodecode/core'
import { LRUCache } from 'lru-cache'

import { covers, groupName, spanName } from './key-name.js'
import { partOfEntry } from './part-of-entry.js'
import type { EntryPart } from './part-of-entry.js'

/** Stored audio, and which part of it is wanted; null: all. */
export interface Found {
  readonly audio: AudioData
  readonly part: EntryPart | null
}

interface Entry {
  readonly key: CacheKey
  readonly audio: AudioData
}

/** Decoded audio in memory, the least recently used dropped first. */
export interface MemoryTier {
  find(key: CacheKey): Found | null
  /** False when it is too large. */
  store(key: CacheKey, audio: AudioData): boolean
  clear(): void
  readonly bytes: number
  readonly entries: number
  /** Entries dropped to make room. */
  readonly evictions: number
}

/** What an entry takes besides its samples. */
const OVERHEAD_BYTES = 2048

/** A tier of at most `maxBytes`, in which no entry is larger than `maxEntryBytes`. */
export function createMemoryTier(maxBytes: number, maxEntryBytes: number): MemoryTier {
  /** Entries by group and span, so that a longer range is found. */
  const groups = new Map<string, Map<string, Entry>>()
  let evictions = 0
  const recency = new LRUCache<string, Entry>({
    // The library wants at least 1; with 0 nothing gets as far as here.
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: ({ audio }) => sizeOf(audio),
    dispose({ key }, _name, reason) {
      if (reason === 'evict') evictions++
      const group = groups.get(groupName(key))
      group?.delete(spanName(key))
      if (group?.size === 0) groups.delete(groupName(key))
    },
  })

  function use(entry: Entry): Entry | null {
    const name = nameOf(entry.key)
    const { data, channels, frames } = entry.audio
    recency.get(name)
    // A caller of a shared cache has transferred it in spite of the agreement.
    if (data.length === channels * frames) return entry
    recency.delete(name)
    return null
  }

  return {
    find(key) {
      const group = groups.get(groupName(key))
      if (group === undefined) return null
      const same = group.get(spanName(key))
      const exact = same === undefined ? null : use(same)
      if (exact !== null) return { audio: exact.audio, part: null }
      for (const entry of group.values()) {
        const part = partOfEntry(entry.audio, entry.key, key)
        if (part === null) continue
        const longer = use(entry)
        if (longer !== null) return { audio: longer.audio, part }
      }
      return null
    },
    store(key, audio) {
      const size = sizeOf(audio)
      if (size > maxEntryBytes || size > maxBytes) return false
      const name = groupName(key)
      // Shorter ranges are served by this one from now on.
      for (const entry of groups.get(name)?.values() ?? []) {
        const isWithin = covers(key, entry.key) && partOfEntry(audio, key, entry.key) !== null
        if (isWithin) recency.delete(nameOf(entry.key))
      }
      const entry = { key, audio }
      recency.set(nameOf(key), entry)
      const group = groups.get(name) ?? new Map<string, Entry>()
      groups.set(name, group.set(spanName(key), entry))
      return true
    },
    clear() {
      recency.clear()
      groups.clear()
    },
    get bytes() {
      return recency.calculatedSize
    },
    get entries() {
      return recency.size
    },
    get evictions() {
      return evictions
    },
  }
}

function nameOf(key: CacheKey): string {
  return `${groupName(key)}|${spanName(key)}`
}

// What is kept alive: samples may be a view of something larger.
function sizeOf({ data }: AudioData): number {
  return data.buffer.byteLength + OVERHEAD_BYTES
}
