import type { TranscriptionResult, Word } from '@audiodecode/core'

import { strip } from '../python/text.js'
import type { SubtitleLayout } from './subtitle-options.js'

/** Pause in seconds after which words begin a new subtitle. */
const LONG_PAUSE_SECONDS = 3

/** Puts words together into subtitles; those that begin a line start with a line break (OpenAI's `iterate_subtitles`). */
export function* breakLines(
  { segments }: TranscriptionResult,
  layout: SubtitleLayout,
): Generator<readonly Word[]> {
  const { maxLineWidth, maxLineCount, preserveSegments } = layout
  let subtitle: Word[] = []
  let lineLength = 0
  let lines = 1
  let last = segments.find(({ words = [] }) => words.length > 0)?.words?.[0]?.start ?? 0
  for (const segment of segments) {
    for (const [index, timing] of (segment.words ?? []).entries()) {
      const longPause = !preserveSegments && timing.start - last > LONG_PAUSE_SECONDS
      const newSegment = index === 0 && subtitle.length > 0 && preserveSegments
      const length = lengthOf(timing.word)
      last = timing.start
      if (lineLength > 0 && lineLength + length <= maxLineWidth && !longPause && !newSegment) {
        lineLength += length
        subtitle.push(timing)
        continue
      }
      let word = strip(timing.word)
      const full = maxLineCount !== undefined && (longPause || lines >= maxLineCount)
      if (newSegment || (full && subtitle.length > 0)) {
        yield subtitle
        subtitle = []
        lines = 1
      } else if (lineLength > 0) {
        lines += 1
        word = `\n${word}`
      }
      lineLength = lengthOf(strip(word))
      subtitle.push({ ...timing, word })
    }
  }
  if (subtitle.length > 0) yield subtitle
}

/** In code points, as Python counts. */
function lengthOf(text: string): number {
  let length = 0
  for (const _ of text) length += 1
  return length
}
