import { expect, test } from 'vitest'

import { seededRandom } from './seeded-random.js'

test('a seed gives the same evenly spread numbers again', () => {
  const draw = (seed: number): number[] => {
    const random = seededRandom(seed)
    return Array.from({ length: 1000 }, () => random())
  }
  const numbers = draw(1)
  expect(draw(1)).toEqual(numbers)
  expect(draw(2)).not.toEqual(numbers)
  expect(numbers.every((value) => value >= 0 && value < 1)).toBe(true)
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  // Six standard errors of the mean of a thousand.
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.055)
})
