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

test('what is not in use is bounded, and can be let go', () => {
  const pool = createScratchPool()
  const taken = Array.from({ length: 8 }, () => pool.take(2 ** 20))
  for (const samples of taken) pool.give(samples)
  const again = new Set(Array.from({ length: 8 }, () => pool.take(2 ** 20).buffer))
  // Of 8 × 4 MiB, 16 MiB were kept.
  expect(taken.filter(({ buffer }) => again.has(buffer))).toHaveLength(4)
  const one = pool.take(50_000)
  pool.give(one)
  pool.clear()
  expect(pool.take(50_000).buffer).not.toBe(one.buffer)
})

test('a class is no more than half as large again as what it is for', () => {
  for (const length of [1, 16_384, 16_385, 24_576, 24_577, 1_000_000, 2 ** 24 + 1]) {
    expect(sizeClass(length)).toBeGreaterThanOrEqual(length)
    expect(sizeClass(length)).toBeLessThanOrEqual(Math.max(16_384, length * 1.5))
  }
})
