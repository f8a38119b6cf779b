import { expect, test } from 'vitest'

import { ConcurrencyTuner } from './concurrency-tuner.js'

/** Runs a loader of so many items a millisecond, by files at a time, against a consumer of so many milliseconds a batch. */
function settle(
  tuner: ConcurrencyTuner,
  rateOf: (files: number) => number,
  consumerMs: number,
): number {
  for (let batch = 0; batch < 400; batch++) {
    const items = 8
    const loadMs = items / rateOf(tuner.value)
    const elapsedMs = Math.max(loadMs, consumerMs)
    tuner.record({ items, elapsedMs, waitedMs: elapsedMs - consumerMs })
  }
  return tuner.value
}

test('more files at a time are tried for as long as they bring more', () => {
  // Up to 24 files each adds its own rate; above, nothing comes of it.
  const rateOf = (files: number): number => Math.min(files, 24) * 0.1
  const found = settle(new ConcurrencyTuner(4, 256), rateOf, 0)
  expect(found).toBeGreaterThanOrEqual(18)
  expect(found).toBeLessThanOrEqual(48)
})

test('a consumer that does not wait leaves it as it is', () => {
  expect(settle(new ConcurrencyTuner(4, 256), (files) => files, 5)).toBe(4)
})

test('it stops where the consumer has enough', () => {
  const found = settle(new ConcurrencyTuner(2, 256), (files) => files * 0.2, 5)
  // 8 items in 5 ms are 1.6 a millisecond: eight files.
  expect(found).toBeGreaterThanOrEqual(8)
  expect(found).toBeLessThanOrEqual(12)
})

test('what brings nothing is taken back', () => {
  const tuner = new ConcurrencyTuner(8, 256)
  const seen = new Set<number>()
  for (let batch = 0; batch < 400; batch++) {
    tuner.record({ items: 8, elapsedMs: 10, waitedMs: 10 })
    seen.add(tuner.value)
  }
  expect([...seen]).toEqual([8, 12])
})

test('it never goes above the most', () => {
  expect(settle(new ConcurrencyTuner(8, 20), (files) => files, 0)).toBeLessThanOrEqual(20)
  expect(new ConcurrencyTuner(8, 4).value).toBe(4)
})
