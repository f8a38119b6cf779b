import type { AudioCache } from './audio-cache.js'
import type { Limits } from './limits.js'

/** What `load` and its relatives can be told. */
export interface LoadOptions {
  /** Output rate in Hz, 1 to 16,777,216. Default: the file's own. */
  sampleRate?: number
  /** Average the channels. Default false. */
  mono?: boolean
  /** Seconds to skip; negative counts from the end. Default 0. The result is the slice of the full result, sample for sample. */
  offset?: number
  /** Seconds to read. Default: to the end. */
  duration?: number
  /**
   * Planar buffer to write into, at least channels × frames long (`outputLength()` tells); a smaller one is a RangeError before
   * decoding. Native threads write in place only when it lies on a SharedArrayBuffer; otherwise it is filled by short copies.
   */
  out?: Float32Array
  /** Use only this backend, or these in this order. */
  backend?: string | readonly string[]
  /** Audio track of a file with several. Default: the container's default track. */
  track?: number
  /** What damaged data does: 'conceal' fills with silence and reports; 'error' rejects. Default 'conceal'. */
  onDamage?: 'conceal' | 'error'
  /**
   * 'best' (default): resampling at least as good as soxr HQ. 'fast': transparent at 16 bit where a backend has a quicker way, as
   * backend-rust has for MP3 at half its rate or less.
   */
  quality?: 'best' | 'fast'
  /** Threads for one file (bit-identical to one thread). Default: from size, cores and the process budget. */
  threads?: number
  /** A cache of one's own, or false to bypass the registered one. */
  cache?: boolean | AudioCache
  /** What the call may use at most. */
  limits?: Partial<Limits>
  /** Told now and then how far it is, and at the end. What it throws rejects the call. */
  onProgress?: (progress: LoadProgress) => void
  /** Ends the work; the call rejects with `signal.reason`. */
  signal?: AbortSignal
}

/** How far a decode is. */
export interface LoadProgress {
  /** Seconds of the result that are there. */
  decodedSeconds: number
  /** Seconds of the whole result, or null when that is not known. */
  totalSeconds: number | null
}

/** What `info` can be told. */
export type InfoOptions = Pick<LoadOptions, 'backend' | 'track' | 'limits' | 'signal'> & {
  /** Make `frames` exact, even if the whole file must be read for it. Default false. */
  scan?: boolean
}

/** What `stream` can be told. */
export type StreamOptions = Omit<LoadOptions, 'out'> & {
  /** Seconds in one block, the last one shorter. Default 1. */
  blockSeconds?: number
}

/** What `loadBatch` can be told. */
export type BatchOptions = Omit<LoadOptions, 'out'> & {
  /** Files decoded at the same time, and results kept for the consumer. Default: the thread budget. */
  concurrency?: number
  /** Yield in the order of the inputs instead of as they finish. Default false. */
  ordered?: boolean
}
