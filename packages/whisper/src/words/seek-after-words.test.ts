import { expect, test } from 'vitest'

import type { TimedSegment } from './add-word-timestamps.js'
import { lastWordEnd, seekAfterWords } from './seek-after-words.js'

const segment = (end: number, ...ends: number[]): TimedSegment => ({
  seek: 200,
  start: 0,
  end,
  tokens: [],
  words: ends.map((wordEnd) => ({ start: 0, end: wordEnd, word: ' a', probability: 1 })),
})
const window = { seek: 500, timeOffset: 2, singleTimestampEnding: false }

test('the next window begins where the last word ends', () => {
  expect(seekAfterWords([segment(9, 3, 4.125), segment(9)], window)).toBe(412)
})

test('words that end before their window do not move it back', () => {
  expect(seekAfterWords([segment(9, 2)], window)).toBe(500)
})

test('after a single timestamp the window is done', () => {
  expect(seekAfterWords([segment(9, 4)], { ...window, singleTimestampEnding: true })).toBe(500)
})

test('without words the end of the last segment counts, without segments none', () => {
  expect(lastWordEnd([segment(5), segment(6)])).toBe(6)
  expect(lastWordEnd([])).toBeUndefined()
  expect(seekAfterWords([], window)).toBe(500)
})
