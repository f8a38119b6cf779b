/** Python's `round(value)`: the nearest whole number, the even one of two that are equally near. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1
  return rest < 0.5 ? floor : floor + 1
}

/**
 * Python's `round(value, digits)`: decimal rounding of the exact value of the double. `toFixed` does the same save where a
 * value lies exactly between two (0.125), which Python rounds to the even one.
 */
export function roundTo(value: number, digits: number): number {
  const doubled = value * 2 ** (digits + 1)
  // Only a whole number of 2^-(digits + 1) can lie exactly between two.
  if (Number.isSafeInteger(doubled) && doubled % 2 !== 0) {
    const power = 10 ** digits
    return roundHalfEven(value * power) / power
  }
  return Number(value.toFixed(digits))
}
