import { fillKernel, KERNEL_HALF_WIDTH } from './kernel.js'
import type { RateRatio } from './resampled-frames.js'

/** Up to this many coefficients (8 MiB) all phases are kept; beyond, each is computed when it is needed. */
const MAX_KEPT = 1 << 20

/** Coefficients are made and used in portions of this many, so that no ratio of rates reserves or blocks more. */
export const PORTION: number = 4096

/** The filter of every phase between two rates. */
export interface PhaseBank {
  /** Coefficients per phase, a multiple of four. */
  readonly taps: number
  /** Tap 0 of phase 0 stands this many input frames before the output's place. */
  readonly lead: number
  /** What `portion` costs per tap, in multiplications of the filter; 0 when it is done once and kept. */
  readonly fillCost: number
  /** Holds a portion of a phase from `portion(phase, firstTap)` on. */
  readonly coefficients: Float64Array
  /**
   * Where in `coefficients` the taps of a phase (`phase` / `up` input frames after a whole one) begin, from `firstTap` on, a
   * multiple of `PORTION`. Valid until the next call.
   */
  portion(phase: number, firstTap: number): number
}

/** The bank for a ratio. Cheap: coefficients are computed portion by portion, on first use. */
export function createPhaseBank({ up, down }: RateRatio): PhaseBank {
  // Going down, the kernel is stretched to the output's samples.
  const stretch = Math.max(1, down / up)
  const half = 2 * Math.ceil((KERNEL_HALF_WIDTH * stretch) / 2) + 2
  const taps = 2 * half
  const lead = half - 1
  const keep = up * taps <= MAX_KEPT
  const coefficients = new Float64Array(keep ? up * taps : Math.min(PORTION, taps))
  const portions = Math.ceil(taps / PORTION)
  const isFilled = new Uint8Array(keep ? up * portions : 0)

  function portion(phase: number, firstTap: number): number {
    const index = phase * portions + firstTap / PORTION
    const at = keep ? phase * taps + firstTap : 0
    if (isFilled[index] !== 1) {
      const first = (firstTap - lead - phase / up) / stretch
      fillKernel(coefficients, at, Math.min(PORTION, taps - firstTap), first, 1 / stretch)
      if (keep) isFilled[index] = 1
    }
    return at
  }
  return { taps, lead, fillCost: keep ? 0 : 8, coefficients, portion }
}
