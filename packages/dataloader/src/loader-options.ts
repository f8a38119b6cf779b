import type { AudioDecodeError, LoadOptions } from '@audiodecode/core'
import type { LogMelOptions, MelOptions, MfccOptions } from '@audiodecode/features'

/** What is loaded: a path or URL, or an object with one; other members come along. */
export type DataItem = string | { readonly path: string; readonly durationSeconds?: number }

/** What is computed of each item: librosa's features, with the options of @audiodecode/features. */
export type FeatureOptions =
  | ({ readonly kind: 'mel' } & Omit<MelOptions, 'threads' | 'signal'>)
  | ({ readonly kind: 'logMel' } & Omit<LogMelOptions, 'threads' | 'signal'>)
  | ({ readonly kind: 'mfcc' } & Omit<MfccOptions, 'threads' | 'signal'>)

/** How items become batches. */
export interface DataLoaderOptions {
  /** Rate of the samples, in Hz; files of other rates are resampled. */
  sampleRate: number
  /** Average the channels. Default true. With false, all items of a batch must have the same number of channels. */
  mono?: boolean
  /** Items of a batch. Default 32, or as many as `maxBatchSeconds` admits when that is given. */
  batchSize?: number
  /**
   * Seconds of a batch, padding included: its items times its longest. An item that is longer by itself is a batch of its own. Needs
   * durations: of the items, or else asked of the files.
   */
  maxBatchSeconds?: number
  /**
   * Put items of similar duration together: within windows of some thousand items of the order, so that it stays shuffled. Needs
   * durations: of the items, or else asked of the files.
   */
  bucketByDuration?: boolean
  /**
   * Leave out a batch of fewer than `batchSize` items at the end, unless `maxBatchSeconds` makes batches of any size, and a last round
   * in which not every rank has a batch. Default false.
   */
  dropLast?: boolean
  /** Another order in each epoch. Default false. */
  shuffle?: boolean
  /** Chooses the orders and crops: a whole number. Default 0. */
  seed?: number
  /** Which of `worldSize` processes this is, from 0. Default 0. */
  rank?: number
  /** Processes that share the data: batch k of the order goes to rank k modulo `worldSize`. Default 1. */
  worldSize?: number
  /**
   * Take a random piece of this length of each item, another one in each epoch, read as an exact range. Shorter items are taken whole.
   * The tensor always has this length.
   */
  cropSeconds?: number
  /** Features instead of samples. */
  features?: FeatureOptions
  /**
   * Bytes of samples and batches held ahead of the consumer, at most; the next batch is loaded whatever it takes. Default 256 MiB.
   */
  prefetchBytes?: number
  /**
   * Module whose default export maps a batch, or a promise of the result; run in worker threads. Arrays that it gives back are
   * transferred.
   */
  transform?: URL
  /** Modules that each worker imports before `transform`, such as backends: absolute URLs, from `import.meta.resolve`. */
  plugins?: readonly (string | URL)[]
  /** Whether a file that cannot be loaded ends the epoch, the default, or is left out and noted in `stats.skipped`. */
  onError?: 'throw' | 'skip'
  /**
   * With 'skip': the share of failed items, from 0 to 1, above which the epoch ends with an error. It is looked at when 20 items have
   * been tried, and from then on, and at the end. Default 0.5.
   */
  maxErrorRate?: number
  /** What else `load` can be told: which backend, what damage does, limits, whether to use the registered cache. */
  load?: Pick<LoadOptions, 'backend' | 'track' | 'onDamage' | 'quality' | 'limits' | 'cache'>
  /** Told with each batch how far the epoch is. What it throws ends the epoch. */
  onProgress?: (progress: DataLoaderProgress) => void
  /** Ends the work; what waits rejects with `signal.reason`. */
  signal?: AbortSignal
}

/** How far an epoch is. */
export interface DataLoaderProgress {
  /** Batches of this rank that were taken. */
  batches: number
  /** Items that were taken, by all ranks, with those that were skipped. */
  items: number
  /** Items of the whole epoch. */
  totalItems: number
}

/** What happened in an epoch so far, up to the batch that was taken last. */
export interface DataLoaderStats {
  /** Items that could not be loaded, with `onError: 'skip'`. */
  readonly skipped: readonly SkippedItem[]
  /** Places of items whose file is damaged or truncated and was decoded all the same: `load.onDamage: 'error'` refuses them. */
  readonly damaged: readonly number[]
  /** Seconds of audio that were decoded. */
  readonly decodedSeconds: number
  /** Milliseconds that the consumer waited for batches. */
  readonly waitedMs: number
  /** Files that are being loaded at the same time, as far as memory allows: found by measuring. */
  readonly concurrency: number
}

/** An item that could not be loaded. */
export interface SkippedItem {
  /** Its place in the list. */
  readonly index: number
  /** Why. */
  readonly error: AudioDecodeError
}
