import { ROLLOFF_PAIRS, ROLLOFF_SHAPES } from './soxr-rolloff-table.js'
import { startTimeSlice } from './time-slice.js'

/** Samples computed between two looks at the clock. */
const STRETCH_SAMPLES = 8192

/**
 * What `resample` gives as soxr HQ would, which librosa resamples with: between rates of no small ratio soxr rolls off by up to 0.008 dB below
 * 0.9 of the lower Nyquist frequency, where we are flat. New arrays, but for rates between which soxr is flat, or other than the usual twelve;
 * there the difference is that roll-off. Gives the event loop a turn every millisecond.
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

/** y[n] = x[n] + Σ c[k] (x[n − k] − 2 x[n] + x[n + k]); beyond both ends there is silence. */
function filterInto(
  target: Float32Array,
  source: Float32Array,
  taps: readonly number[],
  start: number,
  end: number,
): void {
  for (let n = start; n < end; n++) {
    const here = source[n] ?? 0
    let sum = here
    for (let k = 1; k <= taps.length; k++) {
      sum += (taps[k - 1] ?? 0) * ((source[n - k] ?? 0) - 2 * here + (source[n + k] ?? 0))
    }
    target[n] = sum
  }
}
