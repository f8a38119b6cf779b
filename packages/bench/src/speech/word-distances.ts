import type { Transcript } from './transcript.js'

interface TimedWord {
  readonly word: string
  readonly start: number
  readonly end: number
}

/** All words of a transcript. */
export function wordsOf({ segments }: Transcript): readonly TimedWord[] {
  return segments.flatMap(({ words = [] }) => words)
}

/** How far the starts of words are apart that both have, in milliseconds, in the longest common subsequence of words. */
export function startDistances(ours: Transcript, theirs: Transcript): readonly number[] {
  const [left, right] = [wordsOf(ours), wordsOf(theirs)]
  return commonPairs(
    left.map(({ word }) => word),
    right.map(({ word }) => word),
  ).map(([a, b]) => 1000 * Math.abs(left[a]!.start - right[b]!.start))
}

/** Indexes of a longest common subsequence. */
export function commonPairs(
  left: readonly string[],
  right: readonly string[],
): readonly (readonly [number, number])[] {
  // lengths[a][b]: of what is common behind a and b.
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1))
  for (let a = left.length - 1; a >= 0; a--) {
    for (let b = right.length - 1; b >= 0; b--) {
      lengths[a]![b] =
        left[a] === right[b]
          ? lengths[a + 1]![b + 1]! + 1
          : Math.max(lengths[a + 1]![b]!, lengths[a]![b + 1]!)
    }
  }
  const pairs: [number, number][] = []
  let [a, b] = [0, 0]
  while (a < left.length && b < right.length) {
    if (left[a] === right[b]) pairs.push([a++, b++])
    else if (lengths[a + 1]![b]! >= lengths[a]![b + 1]!) a++
    else b++
  }
  return pairs
}

/** Words that start before the word before them, or lie outside their segment. */
export function misplacedWords({ segments }: Transcript): number {
  let misplaced = 0
  let before = 0
  for (const { start, end, words = [] } of segments) {
    for (const word of words) {
      // Times are rounded to hundredths.
      if (word.start < before || word.start < start - 0.011 || word.end > end + 0.011) misplaced++
      before = word.start
    }
  }
  return misplaced
}
