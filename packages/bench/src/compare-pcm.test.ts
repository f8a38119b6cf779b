import { expect, test } from 'vitest'

import { comparePcm } from './compare-pcm.js'

const pcm = (
  channels: number,
  ...samples: number[]
): { samples: Float32Array; channels: number } => ({
  channels,
  samples: Float32Array.from(samples),
})

test('equal samples are not apart', () => {
  const same = pcm(2, 0.5, -0.5, 0.25, 0)
  expect(comparePcm(same, same)).toEqual({
    extraFrames: 0,
    maxAbsolute: 0,
    relativeDb: Number.NEGATIVE_INFINITY,
  })
})

test('planes of different length are compared where both have frames', () => {
  const found = comparePcm(pcm(2, 1, 1, 0, -1, -1, 0), pcm(2, 1, 0.5, -1, -1))
  expect(found.extraFrames).toBe(1)
  expect(found.maxAbsolute).toBe(0.5)
  // One error of 0.5 in a power of 1 + 0.25 + 1 + 1.
  expect(found.relativeDb).toBeCloseTo(10 * Math.log10(0.25 / 3.25), 10)
})

test('a sample that is no number is within no tolerance', () => {
  expect(comparePcm(pcm(1, Number.NaN, 1), pcm(1, 0, 0)).maxAbsolute).toBeNaN()
})

test('channels must be as many', () => {
  expect(() => comparePcm(pcm(1, 0), pcm(2, 0, 0))).toThrow(RangeError)
})
