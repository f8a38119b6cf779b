import type { AudioData } from './audio-data.js'

/** What makes two decodes the same. */
export interface CacheKey {
  /** Identity of the content: device, inode, size and times of change of a file, SHA-256 of bytes. */
  readonly source: string
  /** Names of the backends asked, in order, joined by commas; the second one registered under a name is `name#2`. */
  readonly backend: string
  /** Everything else that changes the samples, in a stable notation. */
  readonly options: string
  /**
   * Rate of the file in Hz, at which frames count; null with a whole file, where it decides nothing. A range is the slice
   * [ceil(startFrame × r), ceil(endFrame × r)) of any longer range of the same source, backend and options, with
   * r = the result's rate ÷ `nativeRate`, sample for sample, as long as neither is damaged or truncated.
   */
  readonly nativeRate: number | null
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
  /**
   * Stored, or being decoded for someone else, or decoded now. One caller's abort does not end another's decode. A decode that
   * rejects is not stored, and everyone who waits for it gets the reason.
   */
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
