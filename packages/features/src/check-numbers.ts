/** A whole number within bounds, or the default when it is undefined. Throws TypeError or RangeError. */
export function whole(
  value: unknown,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  if (value === undefined) return fallback
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}, not ${value}`)
  }
  return value
}

/** A finite number, or the default when it is undefined; above 0, or 0 as well. Throws TypeError or RangeError. */
export function positive(
  value: unknown,
  name: string,
  fallback: number,
  { orZero = false }: { orZero?: boolean } = {},
): number {
  if (value === undefined) return fallback
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  if (!Number.isFinite(value) || value < 0 || (value === 0 && !orZero)) {
    throw new RangeError(
      `${name} must be ${orZero ? '0 or' : 'a finite number'} above 0, not ${value}`,
    )
  }
  return value
}

/** True or false, or the default when it is undefined. */
export function flag(value: unknown, name: string, fallback: boolean): boolean {
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false`)
  return value
}

/** An AbortSignal or undefined. */
export function checkSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw new TypeError('signal must be an AbortSignal')
  }
  return signal
}
