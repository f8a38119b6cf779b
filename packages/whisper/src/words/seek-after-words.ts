import { roundHalfEven } from '../python/round-half-even.js'
import type { TimedSegment } from './add-word-timestamps.js'

/** End of the last word, or of the last segment when none has words; undefined without segments. */
export function lastWordEnd(segments: readonly TimedSegment[]): number | undefined {
  const withWords = segments.findLast(({ words }) => words.length > 0)
  return withWords?.words.at(-1)?.end ?? segments.at(-1)?.end
}

/** Frame that the next window begins at: where the last word ends, unless nothing is spoken after the last timestamp. */
export function seekAfterWords(
  segments: readonly TimedSegment[],
  window: {
    readonly seek: number
    readonly timeOffset: number
    readonly singleTimestampEnding: boolean
  },
): number {
  const end = lastWordEnd(segments)
  if (window.singleTimestampEnding || end === undefined || end <= window.timeOffset)
    return window.seek
  return roundHalfEven(end * 100)
}
