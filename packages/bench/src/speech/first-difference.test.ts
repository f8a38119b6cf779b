import { describe, expect, it } from 'vitest'

import { firstDifference } from './first-difference.js'
import type { Transcript } from './transcript.js'

function heard(...segments: readonly (readonly [seek: number, ...tokens: number[]])[]): Transcript {
  return {
    language: 'en',
    skippedSeconds: 0,
    segments: segments.map(([seek, ...tokens]) => {
      return { start: 0, end: 1, seek, text: '', tokens, temperature: 0, avgLogprob: 0 }
    }),
  }
}

describe('first difference of two transcripts', () => {
  it('is none when all tokens are equal', () => {
    expect(firstDifference(heard([0, 1, 2], [9, 3]), heard([0, 1, 2], [9, 3]))).toBeNull()
  })

  it('is in the first window that differs, behind what both have in it', () => {
    const ours = heard([0, 1], [0, 2], [30, 3, 4], [30, 5], [60, 9])
    const theirs = heard([0, 1], [0, 2], [30, 3, 4], [30, 6, 7], [50, 9])
    expect(firstDifference(ours, theirs)).toEqual({
      seek: 30,
      earlier: [1, 2],
      shared: [3, 4],
      ours: [5],
      theirs: [6, 7],
    })
  })

  it('sees a window that only one of them has', () => {
    const difference = firstDifference(heard([0, 1], [20, 2]), heard([0, 1]))
    expect(difference).toEqual({ seek: 20, earlier: [1], shared: [], ours: [2], theirs: [] })
  })
})
