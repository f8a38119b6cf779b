import type { DataLoaderOptions, FeatureOptions } from './loader-options.js'

const MIB = 2 ** 20

/** Checked options with their defaults: a copy, so that the caller may change the original. */
export interface CheckedOptions {
  readonly sampleRate: number
  readonly mono: boolean
  /** Undefined: as many as `maxBatchSeconds` admits. */
  readonly batchSize: number | undefined
  readonly maxBatchSeconds: number | undefined
  readonly bucketByDuration: boolean
  readonly dropLast: boolean
  readonly shuffle: boolean
  readonly seed: number
  readonly rank: number
  readonly worldSize: number
  /** Frames of a crop at `sampleRate`; undefined: whole files. */
  readonly cropFrames: number | undefined
  readonly features: FeatureOptions | undefined
  readonly prefetchBytes: number
  readonly transform: URL | undefined
  readonly plugins: readonly string[]
  readonly onError: 'throw' | 'skip'
  readonly maxErrorRate: number
  readonly load: NonNullable<DataLoaderOptions['load']>
  readonly onProgress: DataLoaderOptions['onProgress']
  readonly signal: AbortSignal | undefined
}

/** Checks every option. Throws TypeError or RangeError. */
export function checkOptions(options: DataLoaderOptions): CheckedOptions {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('options must be an object with a sampleRate')
  }
  const sampleRate = wholeNumber(options.sampleRate, 'sampleRate', 1, 1 << 24)
  if (sampleRate === undefined) throw new TypeError('sampleRate must be given, in Hz')
  const maxBatchSeconds = positive(options.maxBatchSeconds, 'maxBatchSeconds')
  const batchSize = wholeNumber(options.batchSize, 'batchSize', 1, 1 << 24)
  const worldSize = wholeNumber(options.worldSize, 'worldSize', 1, 1 << 24) ?? 1
  const { transform } = options
  if (transform !== undefined && !(transform instanceof URL)) {
    throw new TypeError("transform must be a URL: new URL('./transform.js', import.meta.url)")
  }
  return {
    sampleRate,
    mono: flag(options.mono, 'mono', true),
    batchSize: batchSize ?? (maxBatchSeconds === undefined ? 32 : undefined),
    maxBatchSeconds,
    bucketByDuration: flag(options.bucketByDuration, 'bucketByDuration', false),
    dropLast: flag(options.dropLast, 'dropLast', false),
    shuffle: flag(options.shuffle, 'shuffle', false),
    seed: wholeNumber(options.seed, 'seed', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) ?? 0,
    worldSize,
    rank: wholeNumber(options.rank, 'rank', 0, worldSize - 1) ?? 0,
    cropFrames: checkCrop(options.cropSeconds, sampleRate),
    features: checkFeatures(options.features),
    prefetchBytes:
      wholeNumber(options.prefetchBytes, 'prefetchBytes', 1, Number.MAX_SAFE_INTEGER) ?? 256 * MIB,
    transform,
    plugins: checkPlugins(options.plugins),
    onError: checkOnError(options.onError),
    maxErrorRate: checkRate(options.maxErrorRate),
    load: { ...object(options.load, 'load') },
    onProgress: callback(options.onProgress),
    signal: checkSignal(options.signal),
  }
}

function checkCrop(seconds: unknown, sampleRate: number): number | undefined {
  const checked = positive(seconds, 'cropSeconds')
  if (checked === undefined) return undefined
  const frames = Math.round(checked * sampleRate)
  if (frames < 1) throw new RangeError(`cropSeconds is less than a frame at ${sampleRate} Hz`)
  return frames
}

function checkFeatures(features: FeatureOptions | undefined): FeatureOptions | undefined {
  if (features === undefined) return undefined
  const given = object(features, 'features')
  if (given.kind !== 'mel' && given.kind !== 'logMel' && given.kind !== 'mfcc') {
    throw new RangeError(`features.kind must be 'mel', 'logMel' or 'mfcc'`)
  }
  return { ...given }
}

function checkPlugins(plugins: DataLoaderOptions['plugins']): readonly string[] {
  if (plugins === undefined) return []
  if (!Array.isArray(plugins)) throw new TypeError('plugins must be an array of URLs')
  return plugins.map((plugin: unknown) => {
    if (plugin instanceof URL) return plugin.href
    // A worker would resolve a name from this package, not from the application.
    if (typeof plugin === 'string' && URL.canParse(plugin)) return plugin
    throw new TypeError(
      `plugins must be absolute URLs, as import.meta.resolve('…') gives them, not ${String(plugin)}`,
    )
  })
}

function checkOnError(onError: unknown): 'throw' | 'skip' {
  if (onError === undefined || onError === 'throw') return 'throw'
  if (onError === 'skip') return onError
  throw new RangeError(`onError must be 'throw' or 'skip'`)
}

function checkRate(rate: unknown): number {
  if (rate === undefined) return 0.5
  if (typeof rate !== 'number') throw new TypeError('maxErrorRate must be a number')
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`maxErrorRate must be 0 to 1, not ${rate}`)
  return rate
}

function wholeNumber(
  value: unknown,
  name: string,
  least: number,
  most: number,
): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}, not ${value}`)
  }
  return value
}

function positive(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  if (!Number.isFinite(value) || value <= 0) {
    throw new RangeError(`${name} must be above 0, not ${value}`)
  }
  return value
}

function flag(value: unknown, name: string, fallback: boolean): boolean {
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false`)
  return value
}

function object<T extends object>(value: T | undefined, name: string): Partial<T> {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${name} must be an object`)
  }
  return value
}

function callback<T>(value: T | undefined): T | undefined {
  if (value === undefined || typeof value === 'function') return value
  throw new TypeError('onProgress must be a function')
}

function checkSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined || typeof signal?.throwIfAborted === 'function') return signal
  throw new TypeError('signal must be an AbortSignal')
}
