import type { AudioData } from './audio-data.js'

/** What makes two decodes the same. */
export interface CacheKey {
  /** Identity of the content: device, inode, size and modification time of a file, SHA-256 of bytes. */
  readonly source: string
  /** Names of the backends asked, in order, joined by commas. */
  readonly backend: string
  /** Everything else that changes the samples, in a stable notation. */
  readonly options: string
  /** First frame, at the native rate. */
  readonly startFrame: number
  /** Frame after the last one, at the native rate, or null for the end. */
  readonly endFrame: number | null
}

/** How a cache has done so far. */
export interface AudioCacheStats {
  /** Answered from memory or disk. */
  hits: number
  /** Decoded. */
  misses: number
  /** Waited for a decode that was under way for someone else. */
  joined: number
  /** Entries dropped to make room. */
  evictions: number
  /** Bytes held now. */
  bytes: number
  /** Entries held now. */
  entries: number
}

/** Keeps decoded audio. `@audiodecode/cache` is one. */
export interface AudioCache {
  /** Stored, or being decoded for someone else, or decoded now. One caller's abort does not end another's decode. */
  load(
    key: CacheKey,
    decode: (signal: AbortSignal) => Promise<AudioData>,
    signal?: AbortSignal,
  ): Promise<AudioData>
  /** How it has done so far. */
  readonly stats: AudioCacheStats
  /** Forgets everything. */
  clear(): void
  /** Forgets everything and stops. */
  close(): Promise<void>
}
