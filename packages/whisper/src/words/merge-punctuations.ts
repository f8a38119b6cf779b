import { strip } from '../python/text.js'

/** A word whose text may be joined to a neighbour's. */
export interface MergeableWord {
  readonly word: string
  readonly tokens: readonly number[]
}

/**
 * Joins opening marks to the word after them and closing ones to the word before; what was joined stays as an empty word. Whether
 * a mark is one of them is a test for a part of the text, so that '."' counts where '"' and '.' stand in that order.
 */
export function mergePunctuations<T extends MergeableWord>(
  words: readonly T[],
  prepended: string,
  appended: string,
): T[] {
  const merged = [...words]
  const join = (left: number, right: number, into: number, emptied: number): void => {
    const [first, second] = [merged[left], merged[right]]
    if (first === undefined || second === undefined) return
    const word = first.word + second.word
    const tokens = [...first.tokens, ...second.tokens]
    merged[into] = { ...(into === left ? first : second), word, tokens }
    merged[emptied] = { ...(emptied === left ? first : second), word: '', tokens: [] }
  }
  for (let at = merged.length - 2, following = merged.length - 1; at >= 0; at--) {
    const word = merged[at]?.word ?? ''
    if (word.startsWith(' ') && prepended.includes(strip(word))) join(at, following, following, at)
    else following = at
  }
  for (let at = 1, previous = 0; at < merged.length; at++) {
    const word = merged[at]?.word ?? ''
    const before = merged[previous]?.word ?? ''
    if (!before.endsWith(' ') && appended.includes(word)) join(previous, at, previous, at)
    else previous = at
  }
  return merged
}
