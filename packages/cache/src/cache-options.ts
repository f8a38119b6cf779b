/** What bounds a cache, and where it keeps things. */
export interface AudioCacheOptions {
  /** Bytes of samples in memory. Default 512 MiB; 0 keeps nothing in memory. */
  maxBytes?: number
  /** Bytes of the largest entry that is stored, in memory and on disk. Default: half of `maxBytes`, or of `maxDiskBytes` if that is more. */
  maxEntryBytes?: number
  /**
   * Hand out the stored samples themselves instead of copies: a hit costs the same at any size. For callers that never write to
   * results and never transfer them. Default false.
   */
  shared?: boolean
  /** Folder in which entries outlive the process and are shared with others. Made when it is not there. Default: none. */
  directory?: string
  /** Bytes of the folder's entries. Default 10 GiB. */
  maxDiskBytes?: number
}

/** Checked options with their defaults. */
export interface CacheSettings {
  readonly maxBytes: number
  readonly maxEntryBytes: number
  readonly shared: boolean
  readonly directory: string | null
  readonly maxDiskBytes: number
}

const MIB = 2 ** 20

/** @throws TypeError or RangeError for what is no cache. */
export function checkCacheOptions(options: AudioCacheOptions = {}): CacheSettings {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('options must be an object')
  }
  const { shared = false, directory } = options
  const maxBytes = byteCount('maxBytes', options.maxBytes, 512 * MIB)
  if (typeof shared !== 'boolean') throw new TypeError('shared must be true or false')
  if (directory !== undefined && (typeof directory !== 'string' || directory === '')) {
    throw new TypeError('directory must be the path of a folder')
  }
  if (directory === undefined && options.maxDiskBytes !== undefined) {
    throw new TypeError('maxDiskBytes needs a directory')
  }
  const maxDiskBytes = byteCount('maxDiskBytes', options.maxDiskBytes, 10 * 1024 * MIB)
  const largest = directory === undefined ? maxBytes : Math.max(maxBytes, maxDiskBytes)
  return {
    maxBytes,
    maxEntryBytes: byteCount('maxEntryBytes', options.maxEntryBytes, Math.floor(largest / 2)),
    shared,
    directory: directory ?? null,
    maxDiskBytes,
  }
}

function byteCount(name: string, value: unknown, preset: number): number {
  if (value === undefined) return preset
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number of bytes`)
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} must be a whole number of bytes, 0 or more, not ${value}`)
  }
  return value
}
