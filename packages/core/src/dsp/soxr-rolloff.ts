import { ROLLOFF_PAIRS, ROLLOFF_SHAPES } from './soxr-rolloff-table.js'
import { startTimeSlice } from './time-slice.js'

/** Samples computed between two looks at the clock. */
const STRETCH_SAMPLES = 8192

/**
 * What `resample` gives as soxr HQ would, which librosa resamples with: between rates of no small ratio soxr rolls off by up to 0.008 dB below
 * 0.9 of the lower Nyquist frequency, where we are flat. New arrays, but for rates between which soxr is flat, or other than the usual twelve;
 * there the difference is that roll-off. Ten minutes at 16 kHz take a quarter of a second; the event loop gets a turn every millisecond.
 */
export async function rollOffAsSoxr(
  planes: readonly Float32Array[],
  inputRate: number,
  outputRate: number,
): Promise<readonly Float32Array[]> {
  const taps = ROLLOFF_SHAPES[ROLLOFF_PAIRS[`${inputRate}/${outputRate}`] ?? -1]
  if (taps === undefined) return planes
  const slice = startTimeSlice()
  const rolledOff: Float32Array[] = []
  for (const plane of planes) {
    const target = new Float32Array(plane.length)
    for (let start = 0; start < plane.length; start += STRETCH_SAMPLES) {
      filterInto(target, plane, taps, start, Math.min(start + STRETCH_SAMPLES, plane.length))
      if (slice.isOver()) await slice.turn()
    }
    rolledOff.push(target)
  }
  return rolledOff
}

/** y[n] = x[n] + Σ c[k] (x[n − k] − 2 x[n] + x[n + k]). */
function filterInto(
  target: Float32Array,
  source: Float32Array,
  taps: readonly number[],
  start: number,
  end: number,
): void {
  const reach = taps.length
  // Kept apart, since V8 is several times as slow where a loop ever looks beyond an array.
  const [first, last] = [Math.max(start, reach), Math.min(end, source.length - reach)]
  for (let n = start; n < Math.min(first, end); n++) target[n] = atTheEnds(source, taps, n)
  const centre = 1 - 2 * taps.reduce((sum, tap) => sum + tap, 0)
  for (let n = first; n < last; n++) {
    let sum = centre * source[n]!
    for (let k = 1; k <= reach; k++) sum += taps[k - 1]! * (source[n - k]! + source[n + k]!)
    target[n] = sum
  }
  for (let n = Math.max(first, last, start); n < end; n++) target[n] = atTheEnds(source, taps, n)
}

/** The same where there is silence beyond an end. */
function atTheEnds(source: Float32Array, taps: readonly number[], n: number): number {
  const at = (place: number): number => (place >= 0 && place < source.length ? source[place]! : 0)
  return taps.reduce(
    (sum, tap, index) => sum + tap * (at(n - index - 1) - 2 * at(n) + at(n + index + 1)),
    at(n),
  )
}
