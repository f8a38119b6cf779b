import { expect, test } from 'vitest'

import { median, pairedDifferences, pairedRatios, quantile, spread } from './statistics.js'

test('the median of an odd count is the middle value, of an even count the mean of the middle two', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
})

test('a spread holds the median with its range', () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 })
})

test('a quantile lies between its neighbours', () => {
  expect(quantile([4, 1, 3, 2, 5], 0.25)).toBe(2)
  expect(quantile([10, 20], 0.25)).toBe(12.5)
  expect(quantile([], 0.5)).toBeNaN()
})

test('rounds are compared with their own round, and one without a partner is left out', () => {
  expect(pairedRatios([2, 9, 5], [1, 3])).toEqual([2, 3])
  expect(pairedDifferences([2, 9], [1, 3, 7])).toEqual([1, 6])
})
