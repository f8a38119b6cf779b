import type { TranscriptionResult, Word } from '@audiodecode/core'

import { strip, stripStart } from '../python/text.js'
import { breakLines } from './break-lines.js'
import { formatTimestamp } from './format-timestamp.js'
import type { TimeFormat } from './format-timestamp.js'
import { hasWords, subtitleLayout } from './subtitle-options.js'
import type { SubtitleOptions } from './subtitle-options.js'

/** What is shown, and from when to when. */
export interface Cue {
  readonly start: string
  readonly end: string
  readonly text: string
}

/** The subtitles of a result, as OpenAI's writers lay them out. */
export function cuesOf(
  result: TranscriptionResult,
  options: SubtitleOptions | undefined,
  format: TimeFormat,
): readonly Cue[] {
  const layout = subtitleLayout(result, options)
  const time = (seconds: number): string => formatTimestamp(seconds, format)
  if (!hasWords(result)) {
    return result.segments.map(({ start, end, text }) => cue(time(start), time(end), strip(text)))
  }
  const cues: Cue[] = []
  for (const words of breakLines(result, layout)) {
    if (layout.highlightWords) {
      cues.push(...highlight(words, time))
    } else {
      cues.push(cue(time(words[0]?.start ?? 0), time(words.at(-1)?.end ?? 0), textOf(words)))
    }
  }
  return cues
}

/** A cue for each word with that word underlined, and one for each pause between them. */
function highlight(words: readonly Word[], time: (seconds: number) => string): readonly Cue[] {
  const cues: Cue[] = []
  let last = time(words[0]?.start ?? 0)
  for (const [index, { start, end }] of words.entries()) {
    if (last !== time(start)) cues.push(cue(last, time(start), textOf(words)))
    last = time(end)
    cues.push(cue(time(start), last, textOf(words, index)))
  }
  return cues
}

function textOf(words: readonly Word[], underlined?: number): string {
  return words.map(({ word }, index) => (index === underlined ? underline(word) : word)).join('')
}

/** White space before a word stays outside. */
function underline(word: string): string {
  const rest = stripStart(word)
  return `${word.slice(0, word.length - rest.length)}<u>${rest}</u>`
}

/** An arrow in a text would be taken for that between the times. */
function cue(start: string, end: string, text: string): Cue {
  return { start, end, text: text.replaceAll('-->', '->') }
}
