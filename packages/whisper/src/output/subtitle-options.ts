import type { TranscriptionResult } from '@audiodecode/core'

/** How subtitles are laid out; all of it needs a result with words (`wordTimestamps: true`). */
export interface SubtitleOptions {
  /** Most characters of a line. Default: a segment is one line. */
  maxLineWidth?: number
  /** Most lines of a subtitle; with `maxLineWidth`. Words then flow over the borders of segments. */
  maxLineCount?: number
  /** One subtitle for each word, in which it is underlined. Default false. */
  highlightWords?: boolean
}

/** Options with their defaults. */
export interface SubtitleLayout {
  readonly maxLineWidth: number
  /** Undefined: as many as it takes. */
  readonly maxLineCount: number | undefined
  readonly highlightWords: boolean
  /** Whether a segment begins a subtitle of its own. */
  readonly preserveSegments: boolean
}

/** Line width where none is asked for, as in OpenAI's. */
const UNLIMITED_WIDTH = 1000

/** Checks the options; a TypeError tells what they lack. */
export function subtitleLayout(
  result: TranscriptionResult,
  options: SubtitleOptions | undefined,
): SubtitleLayout {
  if (options !== undefined && (typeof options !== 'object' || options === null)) {
    throw new TypeError('options must be an object')
  }
  const { maxLineWidth, maxLineCount, highlightWords = false } = options ?? {}
  checkCount(maxLineWidth, 'maxLineWidth')
  checkCount(maxLineCount, 'maxLineCount')
  if (typeof highlightWords !== 'boolean')
    throw new TypeError('highlightWords must be true or false')
  if (maxLineCount !== undefined && maxLineWidth === undefined) {
    throw new TypeError('maxLineCount needs maxLineWidth: without it there is nothing to break')
  }
  const asked = maxLineWidth === undefined && !highlightWords ? undefined : 'words'
  if (asked !== undefined && result.segments.length > 0 && !hasWords(result)) {
    throw new TypeError(
      'maxLineWidth and highlightWords need to know when words are said: transcribe with wordTimestamps: true',
    )
  }
  return {
    maxLineWidth: maxLineWidth ?? UNLIMITED_WIDTH,
    maxLineCount,
    highlightWords,
    preserveSegments: maxLineCount === undefined || maxLineWidth === undefined,
  }
}

/** Whether the times of words are known. */
export function hasWords({ segments }: TranscriptionResult): boolean {
  return segments[0]?.words !== undefined
}

function checkCount(value: unknown, name: string): void {
  if (value === undefined) return
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number`)
  if (Number.isSafeInteger(value) && value >= 1) return
  throw new RangeError(`${name} must be a whole number from 1 upwards, not ${value}`)
}
