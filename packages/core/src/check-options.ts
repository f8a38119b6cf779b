import { allowManyListeners } from './allow-many-listeners.js'
import type { AudioCache } from './audio-cache.js'
import { resolveLimits } from './limits.js'
import type { Limits } from './limits.js'
import type { BatchOptions, InfoOptions, LoadOptions, StreamOptions } from './load-options.js'

/** Checked options with their defaults: a copy, so that a caller may change the original during the call. */
export interface CheckedOptions {
  readonly sampleRate: number | undefined
  readonly mono: boolean
  readonly offset: number
  /** Undefined: to the end. */
  readonly duration: number | undefined
  readonly out: Float32Array | undefined
  /** Length of `out` at the call: a shorter one later has been transferred or shrunk. */
  readonly outLength: number
  /** Undefined: all that are registered. */
  readonly backends: readonly string[] | undefined
  readonly track: number | undefined
  readonly onDamage: 'conceal' | 'error'
  readonly quality: 'best' | 'fast'
  readonly threads: number | undefined
  readonly cache: boolean | AudioCache
  readonly limits: Limits
  readonly onProgress: LoadOptions['onProgress']
  readonly signal: AbortSignal | undefined
}

/** The highest rate a caller may ask for, in Hz. */
const MAX_SAMPLE_RATE = 1 << 24

/** Checks every option that decoding knows; throws TypeError or RangeError. */
export function checkLoadOptions(options: LoadOptions | undefined): CheckedOptions {
  const given = requireObject(options)
  return {
    sampleRate: wholeNumber(given.sampleRate, 'sampleRate', 1, MAX_SAMPLE_RATE),
    mono: flag(given.mono, 'mono') ?? false,
    offset: finite(given.offset, 'offset') ?? 0,
    duration: checkDuration(given.duration),
    out: checkOut(given.out),
    outLength: given.out?.length ?? 0,
    backends: checkBackends(given.backend),
    track: wholeNumber(given.track, 'track', 0, Number.MAX_SAFE_INTEGER),
    onDamage: oneOf(given.onDamage, 'onDamage', ['conceal', 'error']) ?? 'conceal',
    quality: oneOf(given.quality, 'quality', ['best', 'fast']) ?? 'best',
    threads: wholeNumber(given.threads, 'threads', 1, 65_536),
    cache: checkCache(given.cache),
    limits: resolveLimits(given.limits),
    onProgress: callback(given.onProgress, 'onProgress'),
    signal: checkSignal(given.signal),
  }
}

/** As `checkLoadOptions`, with the length of a block. */
export function checkStreamOptions(
  options: StreamOptions | undefined,
): CheckedOptions & { readonly blockSeconds: number } {
  const given = requireObject(options)
  refuse(given, ['out'], 'stream() makes its own blocks')
  return { ...checkLoadOptions(given), blockSeconds: checkBlockSeconds(given.blockSeconds) }
}

/** Checks the length of a block in seconds; default 1. */
export function checkBlockSeconds(seconds: number | undefined): number {
  const checked = finite(seconds, 'blockSeconds') ?? 1
  if (checked <= 0) throw new RangeError(`blockSeconds must be above 0, not ${checked}`)
  return checked
}

/** As `checkLoadOptions`, with what a batch knows besides. */
export function checkBatchOptions(
  options: BatchOptions | undefined,
): CheckedOptions & { readonly concurrency: number | undefined; readonly ordered: boolean } {
  const given = requireObject(options)
  refuse(given, ['out'], 'loadBatch() gives every file its own memory')
  return {
    ...checkLoadOptions(given),
    concurrency: wholeNumber(given.concurrency, 'concurrency', 1, 65_536),
    ordered: flag(given.ordered, 'ordered') ?? false,
  }
}

/** As `checkLoadOptions`, for `AudioDecoder.open`. */
export function checkOpenOptions(options: LoadOptions | undefined): CheckedOptions {
  const given = requireObject(options)
  refuse(given, ['out', 'offset', 'duration'], 'a range is given to decode(), not to open()')
  return checkLoadOptions(given)
}

/** As `checkLoadOptions`, for `info`. */
export function checkInfoOptions(
  options: InfoOptions | undefined,
): CheckedOptions & { readonly scan: boolean } {
  const given = requireObject(options)
  return { ...checkLoadOptions(given), scan: flag(given.scan, 'scan') ?? false }
}

/** A range within an opened file. */
export interface RangeOptions {
  readonly offset?: number | undefined
  readonly duration?: number | undefined
  readonly out?: Float32Array | undefined
  readonly signal?: AbortSignal | undefined
}

/** `base` with another range; checks what is in `range`. */
export function withRange(
  base: CheckedOptions,
  range: RangeOptions | undefined,
  defaultSignal?: AbortSignal,
): CheckedOptions {
  const given = requireObject(range)
  return {
    ...base,
    offset: finite(given.offset, 'offset') ?? 0,
    duration: checkDuration(given.duration),
    out: checkOut(given.out),
    outLength: given.out?.length ?? 0,
    signal: checkSignal(given.signal) ?? defaultSignal,
  }
}

function requireObject<T extends object>(options: T | undefined): Partial<T> {
  if (options === undefined) return {}
  if (typeof options !== 'object' || options === null) {
    throw new TypeError('options must be an object')
  }
  return options
}

function refuse(options: object, names: readonly string[], why: string): void {
  for (const name of names) {
    if (Reflect.get(options, name) !== undefined) throw new TypeError(`${why}; no ${name} here`)
  }
}

function finite(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  if (!Number.isFinite(value)) throw new RangeError(`${name} must be finite, not ${value}`)
  return value
}

function wholeNumber(
  value: unknown,
  name: string,
  lowest: number,
  highest: number,
): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  if (!Number.isSafeInteger(value) || value < lowest || value > highest) {
    const range = highest === Number.MAX_SAFE_INTEGER ? 'upwards' : `to ${highest}`
    throw new RangeError(`${name} must be a whole number from ${lowest} ${range}, not ${value}`)
  }
  return value
}

function flag(value: unknown, name: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw new TypeError(`${name} must be true or false`)
}

function oneOf<T extends string>(
  value: unknown,
  name: string,
  choices: readonly T[],
): T | undefined {
  if (value === undefined) return undefined
  const choice = choices.find((candidate) => candidate === value)
  if (choice === undefined) {
    throw new TypeError(`${name} must be ${choices.map((name) => `'${name}'`).join(' or ')}`)
  }
  return choice
}

function callback<T>(value: T | undefined, name: string): T | undefined {
  if (value === undefined || typeof value === 'function') return value
  throw new TypeError(`${name} must be a function`)
}

function checkDuration(duration: unknown): number | undefined {
  if (duration === Infinity) return undefined
  const checked = finite(duration, 'duration')
  if (checked !== undefined && checked < 0) {
    throw new RangeError(`duration must not be negative, but is ${checked}`)
  }
  return checked
}

function checkOut(out: unknown): Float32Array | undefined {
  if (out === undefined) return undefined
  // By name rather than instanceof, which fails for arrays of another realm (vm contexts, some test runners).
  if (Object.prototype.toString.call(out) === '[object Float32Array]') return out as Float32Array
  throw new TypeError('out must be a Float32Array')
}

function checkBackends(backend: unknown): readonly string[] | undefined {
  if (backend === undefined) return undefined
  const names: readonly unknown[] = Array.isArray(backend) ? backend : [backend]
  if (names.length === 0) throw new TypeError('backend must name at least one backend')
  return names.map((name) => {
    if (typeof name === 'string' && name !== '') return name
    throw new TypeError('backend must be a name or an array of names')
  })
}

function checkCache(cache: unknown): boolean | AudioCache {
  if (cache === undefined) return true
  if (typeof cache === 'boolean') return cache
  if (typeof cache === 'object' && cache !== null) {
    if (typeof Reflect.get(cache, 'load') === 'function') return cache as AudioCache
  }
  throw new TypeError('cache must be true, false or a cache')
}

function checkSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined) return undefined
  if (Object.prototype.toString.call(signal) === '[object AbortSignal]') {
    allowManyListeners(signal as AbortSignal)
    return signal as AbortSignal
  }
  throw new TypeError('signal must be an AbortSignal')
}
