import { expect, test } from 'vitest'

import type { WordTiming } from './find-alignment.js'
import { cutLongWords, usualDurations } from './word-durations.js'

const word = (text: string, start: number, end: number): WordTiming => ({
  word: text,
  tokens: [1],
  start,
  end,
  probability: 1,
})
const usual = { median: 0.5, longest: 1 }

test('the usual length is the median of those that have one, 0.7 s at most', () => {
  expect(usualDurations([word('a', 0, 0.25), word('b', 1, 1), word('c', 1, 1.5)])).toEqual({
    median: 0.375,
    longest: 0.75,
  })
  expect(usualDurations([word('a', 0, 3)])).toEqual({ median: 0.7, longest: 1.4 })
  expect(usualDurations([word('a', 1, 1)])).toEqual({ median: 0, longest: 0 })
})

test('the end of a sentence is cut at its end, the word after it at its start', () => {
  const words = [word(' a', 0, 0.5), word('.', 0.5, 3), word(' b', 3, 6), word(' c', 6, 9)]
  expect(cutLongWords(words, usual).map(({ start, end }) => [start, end])).toEqual([
    [0, 0.5],
    [0.5, 1.5],
    [5, 6],
    [6, 9],
  ])
})

test('the first word is never cut, nor are words when none has a length', () => {
  expect(cutLongWords([word('.', 0, 9)], usual)).toEqual([word('.', 0, 9)])
  const empty = [word('a', 1, 1), word('.', 1, 1)]
  expect(cutLongWords(empty, { median: 0, longest: 0 })).toEqual(empty)
})
