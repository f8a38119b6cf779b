import { expect, test } from 'vitest'

import { cropStart } from './crop.js'

const draw = { seed: 1, epoch: 0, index: 0, seconds: 10, frames: 4000, sampleRate: 8000 }

test('a crop lies within its item, anywhere alike', () => {
  const places = 80_000 - 4000
  const bins = new Float64Array(10)
  for (let index = 0; index < 20_000; index++) {
    const start = cropStart({ ...draw, index })
    expect(start >= 0 && start < places).toBe(true)
    bins[Math.floor((start / places) * 10)]! += 1
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)
  // 9 degrees of freedom: 99.99 % of draws lie below 34.
  expect(chiSquare).toBeLessThan(34)
})

test('an item that is no longer than the crop begins at its beginning', () => {
  for (const seconds of [0, 0.2, 0.5]) expect(cropStart({ ...draw, seconds })).toBe(0)
})

test('seed, epoch and item decide, each of them', () => {
  const starts = [draw, { ...draw, seed: 2 }, { ...draw, epoch: 1 }, { ...draw, index: 1 }]
  expect(new Set(starts.map(cropStart)).size).toBe(4)
  expect(cropStart({ ...draw })).toBe(cropStart(draw))
})
