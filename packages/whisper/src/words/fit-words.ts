import type { Word } from '@audiodecode/core'

import type { UsualDurations } from './word-durations.js'

/** Times of a segment and its words, in seconds. */
export interface FittedWords {
  readonly start: number
  readonly end: number
  readonly words: readonly Word[]
}

/** Fits the first and last words of a segment to its own times where they took a pause in; takes their times over otherwise. */
export function fitWords(
  segment: { readonly start: number; readonly end: number },
  given: readonly Word[],
  usual: UsualDurations,
  lastSpeechTimestamp: number,
): FittedWords {
  const words = afterPause(given, usual, lastSpeechTimestamp)
  const [first] = words
  if (first === undefined) return { ...segment, words }
  let { start, end } = segment
  if (start < first.end && start - 0.5 > first.start) {
    words[0] = { ...first, start: Math.max(0, Math.min(first.end - usual.median, start)) }
  } else {
    ;({ start } = first)
  }
  const last = words.at(-1) ?? first
  if (end > last.start && end + 0.5 < last.end) {
    words[words.length - 1] = { ...last, end: Math.max(last.start + usual.median, end) }
  } else {
    ;({ end } = last)
  }
  return { start, end, words }
}

/** Shortens the first two words after a pause to what is usual. */
function afterPause(
  given: readonly Word[],
  { median, longest }: UsualDurations,
  lastSpeechTimestamp: number,
): Word[] {
  const words = [...given]
  const [first, second] = words
  if (first === undefined || first.end - lastSpeechTimestamp <= median * 4) return words
  const bothAreLong = second !== undefined && second.end - first.start > longest * 2
  if (first.end - first.start <= longest && !bothAreLong) return words
  let { end } = first
  if (second !== undefined && second.end - second.start > longest) {
    // faster-whisper takes half of second.end where that is later, which it never is so long after anything was said.
    end = second.end - longest
    words[1] = { ...second, start: end }
  }
  words[0] = { ...first, start: Math.max(0, end - longest), end }
  return words
}
