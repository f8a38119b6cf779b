/** Samples of a window, at 16 kHz: 32 ms. */
export const WINDOW_SAMPLES = 512
/** Samples of the window before that the detector sees as well. */
export const CONTEXT_SAMPLES = 64

/** Length of a row that the detector is given. */
export const ROW_SAMPLES: number = CONTEXT_SAMPLES + WINDOW_SAMPLES

/** Windows that cover the samples. As in faster-whisper there is one of silence more when they fill the last. */
export function windowCount(sampleCount: number): number {
  return Math.floor(sampleCount / WINDOW_SAMPLES) + 1
}

/**
 * Rows of the windows from `first` to before `end`: the last samples of the window before, zeros for the first, then the window
 * itself, filled up with zeros. faster-whisper silences the last samples of the very last window too; so does this.
 *
 * `samples` begin at `offset` of audio that has `total` samples, Infinity while its end has not come.
 */
export function windowRows(
  samples: Float32Array,
  first: number,
  end: number,
  { offset = 0, total = samples.length }: { offset?: number; total?: number } = {},
): Float32Array {
  const rows = new Float32Array((end - first) * ROW_SAMPLES)
  for (let window = first; window < end; window++) {
    const start = window * WINDOW_SAMPLES
    const from = Math.max(0, start - CONTEXT_SAMPLES)
    const row = (window - first) * ROW_SAMPLES
    const heard = samples.subarray(from - offset, start + WINDOW_SAMPLES - offset)
    rows.set(heard, row + CONTEXT_SAMPLES - (start - from))
  }
  if (end === windowCount(total)) rows.fill(0, rows.length - CONTEXT_SAMPLES)
  return rows
}
