/** Middle value; the mean of the two middle ones for an even count. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Median with the smallest and largest value, as reports show it. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Summarises repeated measurements. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** Value below which a fraction of the sorted values lie, interpolated linearly. NaN for none. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * fraction
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** Ratios of values measured in the same round, one for each round both have. */
export function pairedRatios(
  numerators: readonly number[],
  denominators: readonly number[],
): readonly number[] {
  return pair(numerators, denominators, (a, b) => a / b)
}

/** Differences of values measured in the same round, one for each round both have. */
export function pairedDifferences(
  values: readonly number[],
  less: readonly number[],
): readonly number[] {
  return pair(values, less, (a, b) => a - b)
}

function pair(
  left: readonly number[],
  right: readonly number[],
  combine: (a: number, b: number) => number,
): readonly number[] {
  const rounds = Math.min(left.length, right.length)
  return Array.from({ length: rounds }, (_, round) =>
    combine(left[round] ?? Number.NaN, right[round] ?? Number.NaN),
  )
}
