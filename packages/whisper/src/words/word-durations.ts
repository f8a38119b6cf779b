import type { WordTiming } from './find-alignment.js'

/** What is usual for the words of a window, in seconds. */
export interface UsualDurations {
  /** 0.7 at most; 0 when no word has a length. */
  readonly median: number
  /** Words longer than this are cut where a sentence or a pause borders on them. */
  readonly longest: number
}

const SENTENCE_ENDS = '.。!！?？'

/** The usual lengths of the words. */
export function usualDurations(words: readonly WordTiming[]): UsualDurations {
  const durations = words.map(({ start, end }) => end - start).filter((length) => length !== 0)
  const median = Math.min(0.7, medianOf(durations))
  return { median, longest: median * 2 }
}

/** Shortens words that are too long beside the end of a sentence, which a silence has gone into. */
export function cutLongWords(
  words: readonly WordTiming[],
  { longest }: UsualDurations,
): WordTiming[] {
  if (words.every(({ start, end }) => start === end)) return [...words]
  const cut = [...words]
  for (let at = 1; at < cut.length; at++) {
    const word = cut[at]
    if (word === undefined || word.end - word.start <= longest) continue
    if (SENTENCE_ENDS.includes(word.word)) cut[at] = { ...word, end: word.start + longest }
    else if (SENTENCE_ENDS.includes(cut[at - 1]?.word ?? '')) {
      cut[at] = { ...word, start: word.end - longest }
    }
  }
  return cut
}

function medianOf(values: readonly number[]): number {
  if (values.length === 0) return 0
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? 0) + upper) / 2
}
