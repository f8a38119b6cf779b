import { expect, test } from 'vitest'

import { longestShort, shortFrames } from './short-audio.js'

const model = (width: number, encoderLayers: number, decoderLayers: number) => ({
  width,
  encoderLayers,
  crossWidth: 2 * decoderLayers * width,
  windowPositions: 1500,
})

test('audio is encoded with a margin of two seconds at least, in whole seconds', () => {
  expect(shortFrames(1)).toBe(300)
  expect(shortFrames(100)).toBe(300)
  expect(shortFrames(101)).toBe(400)
  expect(shortFrames(1500)).toBe(1700)
})

test('15 seconds are encoded alone with the small models', () => {
  for (const [width, layers] of [
    [384, 4],
    [512, 6],
    [768, 12],
  ] as const) {
    expect(longestShort(model(width, layers, layers))).toBe(shortFrames(1500))
  }
})

test('where the padding would take more than half a gigabyte, less is, or nothing', () => {
  const medium = longestShort(model(1024, 24, 24))
  const bytes = 8 * 1024 * (24 * (medium / 2 + 400) + 24 * 1500)
  expect(medium).toBeGreaterThan(shortFrames(1000))
  expect(bytes).toBeLessThanOrEqual(512 * 2 ** 20)
  expect(longestShort(model(1280, 32, 32))).toBe(0)
  expect(longestShort(model(1280, 32, 4))).toBe(shortFrames(1500))
})
