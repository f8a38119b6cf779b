import type { Word } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { isSegmentAnomaly, wordAnomalyScore } from './anomaly.js'

const word = (duration: number, probability = 0.9, text = ' a'): Word => ({
  start: 10,
  end: 10 + duration,
  word: text,
  probability,
})

test.each([
  ['as usual', word(0.5), 0],
  ['improbable', word(0.5, 0.14), 1],
  ['of the least probability', word(0.5, 0.15), 0],
  ['very short', word(0.033), 1.5],
  ['very long', word(2.75), 0.75],
])('a word that is %s has its score', (_, given, score) => {
  expect(wordAnomalyScore(given)).toBeCloseTo(score, 10)
})

test('a segment is odd when its words score 3, or nearly 1 each', () => {
  const odd = (...words: Word[]): boolean => isSegmentAnomaly({ words })
  const usual = word(0.5)
  expect(odd(word(0.033), word(0.033), usual, usual)).toBe(true)
  expect(odd(word(0.034), word(0.033), usual, usual)).toBe(false)
  expect(odd(word(2.995))).toBe(true)
  expect(odd(word(2.985))).toBe(false)
})

test('punctuation and words after the eighth do not count', () => {
  const usual = Array.from({ length: 8 }, () => word(0.5))
  expect(isSegmentAnomaly({ words: [...usual, word(9)] })).toBe(false)
  expect(isSegmentAnomaly({ words: [word(0.5, 0.9, ','), word(0.5, 0.1)] })).toBe(true)
})

test('no words are not odd', () => {
  expect(isSegmentAnomaly(undefined)).toBe(false)
  expect(isSegmentAnomaly({ words: [] })).toBe(false)
})
