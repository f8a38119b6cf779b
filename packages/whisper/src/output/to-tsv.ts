import type { TranscriptionResult } from '@audiodecode/core'

import { roundHalfEven } from '../python/round-half-even.js'
import { strip } from '../python/text.js'

/** A table with a line for each segment: start and end in whole milliseconds and the text, with tabs between. */
export function toTsv(result: TranscriptionResult): string {
  const lines = result.segments.map(({ start, end, text }) => {
    const times = [start, end].map((seconds) => roundHalfEven(1000 * seconds))
    return [...times, strip(text).replaceAll('\t', ' ')].join('\t')
  })
  return ['start\tend\ttext', ...lines, ''].join('\n')
}
