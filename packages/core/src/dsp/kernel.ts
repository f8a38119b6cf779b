/**
 * The low-pass kernel of the resampler: a sinc under a Kaiser window (Kaiser, "Nonrecursive digital filter design using the
 * I0-sinh window function", 1974). Its unit of time is one sample of the lower of the two rates. With these three numbers the
 * response is flat to 0.0009 dB up to 0.913 of Nyquist and below −127 dB from Nyquist on.
 */
const HALF_WIDTH = 92
const BETA = 13
const CUTOFF = 0.953

/** Table points per unit; cubic interpolation between them errs by less than −160 dB. */
const POINTS = 128

/** Reach of the kernel to each side of its centre, in samples of the lower rate. */
export const KERNEL_HALF_WIDTH: number = HALF_WIDTH

let table: Float64Array | undefined

/**
 * Writes kernel values into `coefficients[at .. at + count)`: entry k is the kernel at `first + k × step`, times `step` (which
 * keeps unit gain whatever the step). The first call builds a table in about two milliseconds.
 */
export function fillKernel(
  coefficients: Float64Array,
  at: number,
  count: number,
  first: number,
  step: number,
): void {
  table ??= buildTable()
  for (let k = 0; k < count; k++) {
    const place = Math.abs(first + k * step) * POINTS
    const index = Math.floor(place)
    coefficients[at + k] =
      index >= HALF_WIDTH * POINTS ? 0 : cubic(table, index, place - index) * step
  }
}

/** Lagrange's cubic through the four points around `index + t`. The table starts one point before zero. */
function cubic(points: Float64Array, index: number, t: number): number {
  const a = points[index]!
  const b = points[index + 1]!
  const c = points[index + 2]!
  const d = points[index + 3]!
  const before = t + 1
  const next = t - 1
  const last = t - 2
  return (
    (d * before * t * next - a * t * next * last) / 6 +
    (b * before * next * last - c * before * t * last) / 2
  )
}

function buildTable(): Float64Array {
  const size = HALF_WIDTH * POINTS
  const points = new Float64Array(size + 4)
  const scale = CUTOFF / besselI0(BETA)
  for (let i = 0; i <= size; i++) {
    const x = (Math.PI * CUTOFF * i) / POINTS
    const window = besselI0(BETA * Math.sqrt(1 - (i / size) ** 2))
    points[i + 1] = scale * window * (i === 0 ? 1 : Math.sin(x) / x)
  }
  points[0] = points[2]!
  return points
}

/** Modified Bessel function of the first kind, order zero, by its power series. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4
  let sum = 1
  let term = 1
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k)
    sum += term
  }
  return sum
}
