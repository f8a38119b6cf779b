import { describe, expect, it } from 'vitest'

import type { Transcript } from './transcript.js'
import { commonPairs, misplacedWords, startDistances } from './word-distances.js'

type Words = readonly (readonly [word: string, start: number, end: number])[]

function heard(words: Words, start = 0, end = 10): Transcript {
  const timed = words.map(([word, from, to]) => ({ word, start: from, end: to }))
  const segment = { start, end, seek: 0, text: '', tokens: [], temperature: 0, avgLogprob: 0 }
  return { language: 'en', skippedSeconds: 0, segments: [{ ...segment, words: timed }] }
}

describe('distances of words', () => {
  it('pairs a longest common subsequence', () => {
    expect(commonPairs('abcbdab'.split(''), 'bdcaba'.split(''))).toHaveLength(4)
    expect(commonPairs(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([
      [0, 0],
      [2, 2],
    ])
  })

  it('compares starts of words that both have', () => {
    const ours = heard([
      [' one', 0, 0.5],
      [' two', 0.5, 1],
      [' four', 1.5, 2],
    ])
    const theirs = heard([
      [' one', 0.125, 0.5],
      [' three', 0.5, 1],
      [' four', 1.25, 2],
    ])
    expect(startDistances(ours, theirs)).toEqual([125, 250])
  })

  it('finds words that go back in time or leave their segment', () => {
    const words: Words = [
      [' one', 0.5, 1],
      [' two', 0.25, 1],
      [' three', 3, 11],
    ]
    expect(misplacedWords(heard(words))).toBe(2)
    expect(misplacedWords(heard([[' one', 0.5, 1]], 2))).toBe(1)
  })
})
