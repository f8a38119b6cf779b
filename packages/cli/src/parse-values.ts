import { usageError } from './cli-error.js'

/** A whole number above 0, such as a rate in Hz. */
export function parseCount(option: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value) || value < 1) {
    throw usageError(`${option} must be a whole number above 0, not "${text}"`)
  }
  return value
}

/** Seconds, plain ("90", "-1.5") or as a clock ("1:30", "1:02:03.5"). */
export function parseSeconds(option: string, text: string): number {
  const match = /^(-?)(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)s?$/.exec(text)
  if (match === null) throw usageError(`${option} must be seconds (90, 1:30, 0.5), not "${text}"`)
  const [, sign, hours = '0', minutes = '0', rest = '0'] = match
  const value = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest)
  return sign === '-' ? -value : value
}

/** How good resampling has to be. */
export function parseQuality(text: string): 'best' | 'fast' {
  if (text === 'best' || text === 'fast') return text
  throw usageError(`--quality must be best or fast, not "${text}"`)
}

/** Bytes, with the binary units K, M, G, T ("500M" is 500 × 1024²). */
export function parseBytes(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text)
  const power = ['', 'K', 'M', 'G', 'T'].indexOf((match?.[2] ?? '').toUpperCase())
  const value = Math.floor(Number(match?.[1] ?? Number.NaN) * 1024 ** power)
  if (!(value > 0) || !Number.isSafeInteger(value)) {
    throw usageError(`${option} must be a size (500M, 2G), not "${text}"`)
  }
  return value
}
