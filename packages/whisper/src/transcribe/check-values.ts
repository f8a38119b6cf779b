/** Checks of single options; each throws TypeError or RangeError, and lets undefined pass for the default. */

/** A number within a range, both ends included. */
export function number(
  value: unknown,
  name: string,
  lowest: number = -Infinity,
  highest: number = Infinity,
): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  // Not written the other way round, which NaN would pass.
  if (value >= lowest && value <= highest && Number.isFinite(value)) return value
  throw new RangeError(`${name} must be ${describe(lowest, highest)}, not ${value}`)
}

/** A number above a bound. */
export function above(value: unknown, name: string, bound: number): number | undefined {
  const checked = number(value, name)
  if (checked === undefined || checked > bound) return checked
  throw new RangeError(`${name} must be above ${bound}, not ${checked}`)
}

/** A whole number within a range, both ends included. */
export function whole(
  value: unknown,
  name: string,
  lowest: number,
  highest: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const checked = number(value, name)
  if (checked === undefined) return undefined
  if (Number.isSafeInteger(checked) && checked >= lowest && checked <= highest) return checked
  const range = highest === Number.MAX_SAFE_INTEGER ? 'upwards' : `to ${highest}`
  throw new RangeError(`${name} must be a whole number from ${lowest} ${range}, not ${checked}`)
}

/** A number within a range, or null. */
export function numberOrNull(
  value: unknown,
  name: string,
  lowest?: number,
  highest?: number,
): number | null | undefined {
  return value === null ? null : number(value, name, lowest, highest)
}

/** True or false. */
export function flag(value: unknown, name: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw new TypeError(`${name} must be true or false`)
}

/** Text. */
export function text(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw new TypeError(`${name} must be text`)
}

/** One of a few words. */
export function oneOf<T extends string>(
  value: unknown,
  name: string,
  choices: readonly T[],
): T | undefined {
  if (value === undefined) return undefined
  const choice = choices.find((candidate) => candidate === value)
  if (choice !== undefined) return choice
  throw new TypeError(`${name} must be ${choices.map((word) => `'${word}'`).join(' or ')}`)
}

/** A list of whole numbers. */
export function wholeNumbers(
  value: unknown,
  name: string,
  lowest: number,
): readonly number[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list of numbers`)
  return value.map((item: unknown, index) => {
    const checked = whole(item, `${name}[${index}]`, lowest)
    if (checked === undefined) throw new TypeError(`${name}[${index}] must be a number`)
    return checked
  })
}

function describe(lowest: number, highest: number): string {
  if (lowest === -Infinity && highest === Infinity) return 'finite'
  if (highest === Infinity) return `${lowest} or more`
  return `from ${lowest} to ${highest}`
}
