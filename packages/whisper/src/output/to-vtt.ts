import type { TranscriptionResult } from '@audiodecode/core'

import { cuesOf } from './cues.js'
import type { SubtitleOptions } from './subtitle-options.js'

/**
 * Subtitles in the format of the web (.vtt). A subtitle is a segment; a result with words may be laid out otherwise.
 * Throws TypeError or RangeError for options that are wrong or that need words which are not there.
 */
export function toVtt(result: TranscriptionResult, options?: SubtitleOptions): string {
  const cues = cuesOf(result, options, { alwaysHours: false, decimalMark: '.' })
  return `WEBVTT\n\n${cues.map(({ start, end, text }) => `${start} --> ${end}\n${text}\n\n`).join('')}`
}
