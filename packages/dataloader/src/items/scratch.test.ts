import { expect, test } from 'vitest'

import { createScratchPool, sizeClass } from './scratch.js'

test('memory that is given back is used again', () => {
  const pool = createScratchPool()
  const first = pool.take(100_000)
  expect(first).toHaveLength(100_000)
  pool.give(first)
  const second = pool.take(99_000)
  expect(second.buffer).toBe(first.buffer)
  expect(pool.take(99_000).buffer).not.toBe(first.buffer)
})

test('it says how much there is, in use or not, and what more would be', () => {
  const pool = createScratchPool()
  const taken = Array.from({ length: 3 }, () => pool.take(2 ** 18))
  expect(pool.bytes).toBe(3 * 2 ** 20)
  expect(pool.growth(2 ** 18)).toBe(2 ** 20)
  pool.give(taken[0]!)
  expect([pool.bytes, pool.growth(2 ** 18), pool.growth(2 ** 19)]).toEqual([
    3 * 2 ** 20,
    0,
    2 ** 21,
  ])
  pool.clear()
  expect(pool.bytes).toBe(2 * 2 ** 20)
  expect(pool.take(2 ** 18).buffer).not.toBe(taken[0]!.buffer)
})

test('a class is no more than half as large again as what it is for', () => {
  for (const length of [1, 16_384, 16_385, 24_576, 24_577, 1_000_000, 2 ** 24 + 1]) {
    expect(sizeClass(length)).toBeGreaterThanOrEqual(length)
    expect(sizeClass(length)).toBeLessThanOrEqual(Math.max(16_384, length * 1.5))
  }
})
