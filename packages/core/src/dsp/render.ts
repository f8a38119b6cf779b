import type { PhaseBank } from './phase-bank.js'
import { PORTION } from './phase-bank.js'
import { scaleDown } from './resampled-frames.js'
import type { RateRatio } from './resampled-frames.js'
import type { TimeSlice } from './time-slice.js'

/** Multiplications between two looks at the clock, a tenth of a millisecond or two. */
const STRETCH = 1 << 16

/**
 * Computes output frames [startFrame, startFrame + length) of each channel into `targets`. `channels` are the whole signal; what
 * lies before and after counts as silence. Every output depends on its place alone, so any cut of the work gives the same bits.
 */
export async function render(
  bank: PhaseBank,
  { up, down }: RateRatio,
  channels: readonly Float32Array[],
  startFrame: number,
  targets: readonly Float32Array[],
  slice: TimeSlice,
): Promise<void> {
  const { taps, lead, coefficients } = bank
  const available = channels[0]?.length ?? 0
  const length = targets[0]?.length ?? 0
  const edge = new Float32Array(Math.min(PORTION, taps))
  const sums = new Float64Array(channels.length)
  let untilClock = 0

  let { quotient: place, rest: phase } = scaleDown(startFrame, down, up)
  for (let n = 0; n < length; n++) {
    const start = place - lead
    sums.fill(0)
    // Portions that meet no sample at all are left out.
    const first = Math.max(0, Math.floor(-start / PORTION)) * PORTION
    const end = Math.min(taps, available - start)
    for (let tap = first; tap < end; tap += PORTION) {
      const count = Math.min(PORTION, taps - tap)
      const at = start + tap
      const row = bank.portion(phase, tap)
      const inside = at >= 0 && at + count <= available
      for (let c = 0; c < channels.length; c++) {
        const channel = channels[c]!
        if (!inside) copyEdge(edge, channel, at)
        sums[c]! += inside
          ? dot(channel, at, coefficients, row, count)
          : dot(edge, 0, coefficients, row, count)
      }
      untilClock -= count * (channels.length + bank.fillCost)
      if (untilClock <= 0) {
        untilClock = STRETCH
        if (slice.isOver()) await slice.turn()
      }
    }
    for (let c = 0; c < channels.length; c++) targets[c]![n] = sums[c]!
    phase += down
    const whole = Math.floor(phase / up)
    place += whole
    phase -= whole * up
  }
}

/** Fills `edge` with the samples from `at` on, with silence before and after the channel. */
function copyEdge(edge: Float32Array, channel: Float32Array, at: number): void {
  edge.fill(0)
  const start = Math.max(0, at)
  const end = Math.min(channel.length, at + edge.length)
  if (end > start) edge.set(channel.subarray(start, end), start - at)
}

/** Sum of products, in double precision, in four chains whose order never depends on where the samples lie. */
function dot(
  samples: Float32Array,
  at: number,
  coefficients: Float64Array,
  row: number,
  count: number,
): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let k = 0; k < count; k += 4) {
    a += samples[at + k]! * coefficients[row + k]!
    b += samples[at + k + 1]! * coefficients[row + k + 1]!
    c += samples[at + k + 2]! * coefficients[row + k + 2]!
    d += samples[at + k + 3]! * coefficients[row + k + 3]!
  }
  return a + b + (c + d)
}
