import { expect, test } from 'vitest'

import { synthesize } from './synthesize.js'

const half = { seconds: 1, sampleRate: 8000, channels: 2, seed: 0 }

test('a recording has its length, is loud and never clips', () => {
  const samples = synthesize(half)
  expect(samples.length).toBe(16_000)
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  expect(peak).toBeGreaterThan(8000)
  expect(peak).toBeLessThan(32_767)
})

test('the same seed gives the same recording, another seed another one', () => {
  expect(synthesize(half)).toEqual(synthesize(half))
  expect(synthesize({ ...half, seed: 1 })).not.toEqual(synthesize(half))
})
