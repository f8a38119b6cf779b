/** What a call may use at most. Every length that a file claims is checked against these before memory is reserved. */
export interface Limits {
  /** Bytes read from the input, 4 GiB unless told otherwise. */
  maxInputBytes: number
  /** Bytes of decoded samples, 4 GiB unless told otherwise (a Float32Array's practical end; beyond it use `stream`). */
  maxOutputBytes: number
  /** Seconds decoded by one call, 86,400 (24 h) unless told otherwise. */
  maxDurationSeconds: number
  /** Channels of the source, 64 unless told otherwise. */
  maxChannels: number
  /** Whether http: and https: inputs may be fetched, true unless told otherwise. */
  network: boolean
  /** Longest wait for a connection, and between two pieces of data, in milliseconds: 30,000 unless told otherwise. */
  networkTimeoutMs: number
}

/** The limits of a call that names none. */
export const defaultLimits: Readonly<Limits> = Object.freeze({
  maxInputBytes: 4 * 1024 ** 3,
  maxOutputBytes: 4 * 1024 ** 3,
  maxDurationSeconds: 24 * 3600,
  maxChannels: 64,
  network: true,
  networkTimeoutMs: 30_000,
})

/**
 * A caller's limits with the defaults for those left out. Infinity lifts a limit.
 *
 * @throws TypeError for a value of the wrong type, RangeError for one that is not above 0.
 */
export function resolveLimits(limits: Partial<Limits> | undefined): Limits {
  if (limits === undefined) return { ...defaultLimits }
  if (typeof limits !== 'object' || limits === null) {
    throw new TypeError('limits must be an object')
  }
  const resolved: Limits = { ...defaultLimits }
  for (const name of [
    'maxInputBytes',
    'maxOutputBytes',
    'maxDurationSeconds',
    'maxChannels',
    'networkTimeoutMs',
  ] as const) {
    const value: unknown = limits[name]
    if (value === undefined) continue
    if (typeof value !== 'number') throw new TypeError(`limits.${name} must be a number`)
    if (!(value > 0)) throw new RangeError(`limits.${name} must be above 0, not ${value}`)
    resolved[name] = value
  }
  const network: unknown = limits.network
  if (network !== undefined) {
    if (typeof network !== 'boolean') throw new TypeError('limits.network must be a boolean')
    resolved.network = network
  }
  return resolved
}
