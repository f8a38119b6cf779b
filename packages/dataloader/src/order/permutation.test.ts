import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createPermutation } from './permutation.js'

function order(length: number, key: readonly number[]): number[] {
  const permutation = createPermutation(length, key)
  return Array.from({ length }, (_, position) => permutation(position))
}

test('every item stands at one position, whatever the length', () => {
  for (let length = 0; length <= 600; length++) {
    const seen = new Set(order(length, [1, length]))
    expect(seen.size).toBe(length)
    expect([...seen].every((index) => index >= 0 && index < length)).toBe(true)
  }
})

test('the same holds for lengths up to some thousands and any seed', () => {
  const lengths = fc.integer({ min: 1, max: 5_000 })
  const seeds = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  fc.assert(
    fc.property(lengths, seeds, (length, seed) => {
      expect(new Set(order(length, [seed])).size).toBe(length)
    }),
    { numRuns: 60 },
  )
})

test('two thousand million items take no more memory than two', () => {
  const length = 2 ** 31 - 1
  const permutation = createPermutation(length, [7])
  const seen = Array.from({ length: 1000 }, (_, position) => permutation(position))
  expect(new Set(seen).size).toBe(1000)
  // The mean of 1,000 uniform numbers lies within 4 standard errors (4 × 0.2887 ÷ √1000) of the middle.
  const mean = seen.reduce((sum, index) => sum + index / length, 0) / seen.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.0366)
})

test('the same key gives the same order, another one another', () => {
  expect(order(100, [3, 1])).toEqual(order(100, [3, 1]))
  const orders = [
    [3, 1],
    [3, 2],
    [4, 1],
    [3 + 2 ** 32, 1],
    [-3, 1],
  ].map((key) => order(100, key).join())
  expect(new Set(orders).size).toBe(orders.length)
})

test.each([2, 3, 5, 8, 16, 37])(
  'among %i items each stands at each position equally often',
  (length) => {
    const draws = 4_000
    const counts = new Float64Array(length * length)
    for (let seed = 0; seed < draws; seed++) {
      for (const [position, index] of order(length, [seed]).entries()) {
        counts[position * length + index]! += 1
      }
    }
    const expected = draws / length
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // Mean (length − 1)², variance 2 (length − 1)²: five standard deviations.
    const freedom = (length - 1) ** 2
    expect(chiSquare).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom))
  },
)

test('all orders of four items are equally likely', () => {
  const draws = 24_000
  const counts = new Map<string, number>()
  for (let seed = 0; seed < draws; seed++) {
    const key = order(4, [seed]).join()
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  expect(counts.size).toBe(24)
  let chiSquare = 0
  for (const count of counts.values()) chiSquare += (count - 1000) ** 2 / 1000
  // 23 degrees of freedom: 99.99 % of draws lie below 58.
  expect(chiSquare).toBeLessThan(58)
})
