import type { AudioData } from '@audiodecode/core'

/** How a waveform is drawn. */
export interface WaveformOptions {
  /** Width in characters, 80 unless told otherwise. */
  readonly columns?: number
  /** Height in lines, without the axis; 6 unless told otherwise. Each has eight levels. */
  readonly rows?: number
}

const BLOCKS = ' ▁▂▃▄▅▆▇█'

/**
 * Draws audio for a terminal: the peak of each column, loudest channel, as block characters over an axis in seconds.
 * Full height is full scale (1.0). Lines without a line end after the last.
 */
export function renderWaveform(
  audio: Pick<AudioData, 'channelData' | 'frames' | 'durationSeconds' | 'startSeconds'>,
  options: WaveformOptions = {},
): string {
  const { columns = 80 } = options
  const peaks = new Float32Array(Math.max(0, Math.min(audio.frames, columns)))
  for (const samples of audio.channelData) {
    for (let column = 0; column < peaks.length; column++) {
      const end = Math.floor(((column + 1) * audio.frames) / peaks.length)
      for (let i = Math.floor((column * audio.frames) / peaks.length); i < end; i++) {
        const level = Math.abs(samples[i] as number)
        if (level > (peaks[column] as number)) peaks[column] = level
      }
    }
  }
  return drawPeaks(peaks, { ...options, columns, ...audio })
}

/** Draws peaks (0 to 1), however many, as `renderWaveform` does. Fewer than columns are stretched. */
export function drawPeaks(
  peaks: Float32Array,
  options: WaveformOptions & { readonly durationSeconds: number; readonly startSeconds: number },
): string {
  const { columns = 80, rows = 6 } = options
  if (peaks.length === 0) return '(no samples)'
  const levels = Array.from({ length: columns }, (_, column) => {
    const start = Math.floor((column * peaks.length) / columns)
    const end = Math.max(start + 1, Math.floor(((column + 1) * peaks.length) / columns))
    const peak = peaks.subarray(start, end).reduce((most, value) => Math.max(most, value), 0)
    // Anything but digital silence shows at least the lowest block.
    return peak > 0 ? Math.max(1, Math.min(rows * 8, Math.round(peak * rows * 8))) : 0
  })
  const lines = Array.from({ length: rows }, (_, row) => {
    const floor = (rows - 1 - row) * 8
    return levels
      .map((level) => BLOCKS[Math.max(0, Math.min(8, level - floor))])
      .join('')
      .trimEnd()
  })
  return [...lines, ...axis(columns, options.startSeconds, options.durationSeconds)].join('\n')
}

/** A ruler and its numbers: a tick where a round number of seconds lies, about every twelve characters. */
function axis(columns: number, startSeconds: number, durationSeconds: number): string[] {
  const ruler = Array.from({ length: columns }, () => '─')
  const numbers = Array.from({ length: columns + 12 }, () => ' ')
  const step = roundStep((durationSeconds * 12) / columns)
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  let free = 0
  for (let tick = Math.ceil(startSeconds / step - 1e-9); ; tick++) {
    const place = ((tick * step - startSeconds) / durationSeconds) * columns
    const column = Math.round(place)
    // `>=` written so that NaN ends the loop too.
    if (!(column < columns)) break
    const text = `${(tick * step).toFixed(decimals)} s`
    ruler[column] = '┬'
    if (column < free || column + text.length > columns) continue
    for (const [i, character] of [...text].entries()) numbers[column + i] = character
    free = column + text.length + 1
  }
  return [ruler.join(''), numbers.join('').trimEnd()]
}

/** The smallest of 1, 2, 5 × 10^n that is not below `least`. */
function roundStep(least: number): number {
  if (!(least > 0) || !Number.isFinite(least)) return 1
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10)
}
