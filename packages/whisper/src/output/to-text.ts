import type { TranscriptionResult } from '@audiodecode/core'

import { strip } from '../python/text.js'

/** The text with a line for each segment. */
export function toText(result: TranscriptionResult): string {
  return result.segments.map(({ text }) => `${strip(text)}\n`).join('')
}
