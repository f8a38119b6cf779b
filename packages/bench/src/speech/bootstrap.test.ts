import { describe, expect, it } from 'vitest'

import { pairedBootstrap } from './bootstrap.js'

const count = (errors: number, words: number) => ({ errors, words })

describe('paired bootstrap', () => {
  it('has no width where every file differs by the same rate', () => {
    const ours = [count(3, 10), count(6, 20), count(9, 30)]
    const theirs = [count(2, 10), count(4, 20), count(6, 30)]
    const { points, low, high } = pairedBootstrap(ours, theirs)
    expect(points).toBeCloseTo(10, 10)
    expect(low).toBeCloseTo(10, 10)
    expect(high).toBeCloseTo(10, 10)
  })

  it('draws both sides of a file together: equal sides differ by nothing however much files vary', () => {
    const counts = [count(0, 10), count(5, 10), count(40, 100), count(1, 90)]
    expect(pairedBootstrap(counts, counts)).toEqual({ points: 0, low: 0, high: 0 })
  })

  it('gives the interval of the binomial law when one of two equal files has the difference', () => {
    // Of two draws, 0, 1 or 2 are the second file: 25 %, 50 %, 25 %, so that both ends are extremes.
    const { points, low, high } = pairedBootstrap(
      [count(0, 100), count(10, 100)],
      [count(0, 100), count(0, 100)],
    )
    expect(points).toBe(5)
    expect(low).toBe(0)
    expect(high).toBe(10)
  })

  it('weighs files by their words', () => {
    const { points } = pairedBootstrap([count(1, 10), count(0, 90)], [count(0, 10), count(0, 90)])
    expect(points).toBe(1)
  })
})
