import { expect, test } from 'vitest'

import { rangePlaces } from './range-places.js'

test('places are the same for a seed, start inside the file, and some touch its ends', () => {
  const places = rangePlaces(500, 30, 3)
  expect(rangePlaces(500, 30, 3)).toEqual(places)
  expect(places.every(({ offset }) => offset >= 0 && offset <= 30)).toBe(true)
  expect(places.every(({ duration }) => duration >= 0.001 && duration <= 3)).toBe(true)
  const atStart = places.filter(({ offset }) => offset === 0).length
  const pastEnd = places.filter(({ offset, duration }) => offset + duration > 30).length
  // Four standard deviations around a tenth of 500.
  for (const count of [atStart, pastEnd]) expect(Math.abs(count - 50)).toBeLessThan(27)
})
