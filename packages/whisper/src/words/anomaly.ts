import type { Word } from '@audiodecode/core'

const PUNCTUATION = '"\'“¿([{-"\'.。,，!！?？:：”)]}、'

/** How unlike speech a word is: improbable, very short or very long. */
export function wordAnomalyScore({ start, end, probability }: Word): number {
  const duration = end - start
  let score = 0
  if (probability < 0.15) score += 1
  if (duration < 0.133) score += (0.133 - duration) * 15
  if (duration > 2) score += duration - 2
  return score
}

/** Whether the first words of a segment are such that it may be a hallucination. */
export function isSegmentAnomaly(
  segment: { readonly words: readonly Word[] } | undefined,
): boolean {
  if (segment === undefined || segment.words.length === 0) return false
  const words = segment.words.filter(({ word }) => !PUNCTUATION.includes(word)).slice(0, 8)
  const score = words.reduce((sum, word) => sum + wordAnomalyScore(word), 0)
  return score >= 3 || score + 0.01 >= words.length
}
