import { fillKernel, KERNEL_HALF_WIDTH } from './kernel.js'
import type { RateRatio } from './resampled-frames.js'

/** Up to this many coefficients (8 MiB) all phases are kept; beyond, each is computed when it is needed. */
const MAX_KEPT = 1 << 20

/** The filter of every phase between two rates. */
export interface PhaseBank {
  /** Coefficients per phase, a multiple of four. */
  readonly taps: number
  /** Tap 0 of phase 0 stands this many input frames before the output's place. */
  readonly lead: number
  /** Holds the coefficients of a phase from `row(phase)` on. */
  readonly coefficients: Float64Array
  /** Makes sure that the phase (`phase` / `up` input frames after a whole one) is there and says where it begins. */
  row(phase: number): number
}

/** The bank for a ratio. Cheap: coefficients are computed phase by phase, on first use. */
export function createPhaseBank({ up, down }: RateRatio): PhaseBank {
  // Going down, the kernel is stretched to the output's samples.
  const stretch = Math.max(1, down / up)
  const half = 2 * Math.ceil((KERNEL_HALF_WIDTH * stretch) / 2) + 2
  const taps = 2 * half
  const lead = half - 1
  const fill = (at: number, phase: number): void =>
    fillKernel(coefficients, at, taps, (-lead - phase / up) / stretch, 1 / stretch)

  const keep = up * taps <= MAX_KEPT
  const coefficients = new Float64Array(keep ? up * taps : taps)
  const filled = new Uint8Array(keep ? up : 0)
  let current = -1
  return {
    taps,
    lead,
    coefficients,
    row(phase) {
      if (!keep) {
        if (phase !== current) fill(0, phase)
        current = phase
        return 0
      }
      const at = phase * taps
      if (filled[phase] === 0) {
        fill(at, phase)
        filled[phase] = 1
      }
      return at
    },
  }
}
