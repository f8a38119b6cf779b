import { expect, test } from 'vitest'

import { Holes } from './holes.mjs'

/** What is found before each of the frames of 100 samples at these places. */
function found(places) {
  const holes = new Holes()
  return places.map((place) => holes.before(place, 100, 0, 1000))
}

test('a gap counts after frames that fit', () => {
  expect(found([0, 100, 200, 350])).toEqual([0, 0, 0, 50])
  expect(found([0, 150, 250])).toEqual([0, 0, 0])
})

test('times that go back or far ahead are not believed', () => {
  expect(found([0, 100, 200, 100])).toEqual([0, 0, 0, 0])
  expect(found([0, 100, 200, 60_301])).toEqual([0, 0, 0, 0])
})

test('silence that was put there already is not put there again', () => {
  const holes = new Holes()
  for (const place of [0, 100, 200]) expect(holes.before(place, 100, 0, 1000)).toBe(0)
  expect(holes.before(400, 100, 100, 1000)).toBe(0)
  expect(holes.before(700, 100, 100, 1000)).toBe(100)
})
