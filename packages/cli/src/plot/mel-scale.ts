// Slaney's scale, as librosa has it: linear up to 1 kHz, logarithmic above.
const LINEAR_STEP = 200 / 3
const BREAK_HERTZ = 1000
const BREAK_MEL = BREAK_HERTZ / LINEAR_STEP
const LOG_STEP = Math.log(6.4) / 27

/** Mel of a frequency in Hz. */
export function hertzToMel(hertz: number): number {
  if (hertz < BREAK_HERTZ) return hertz / LINEAR_STEP
  return BREAK_MEL + Math.log(hertz / BREAK_HERTZ) / LOG_STEP
}
