import type { TranscriptionResult } from '@audiodecode/core'

import { cuesOf } from './cues.js'
import type { SubtitleOptions } from './subtitle-options.js'

/**
 * Subtitles in SubRip's format (.srt). A subtitle is a segment; a result with words may be laid out otherwise.
 * Throws TypeError or RangeError for options that are wrong or that need words which are not there.
 */
export function toSrt(result: TranscriptionResult, options?: SubtitleOptions): string {
  return cuesOf(result, options, { alwaysHours: true, decimalMark: ',' })
    .map(({ start, end, text }, index) => `${index + 1}\n${start} --> ${end}\n${text}\n\n`)
    .join('')
}
