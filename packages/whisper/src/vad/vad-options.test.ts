import { expect, test } from 'vitest'

import { vadOptions } from './vad-options.js'

test('the defaults are those of faster-whisper', () => {
  expect(vadOptions()).toEqual({
    threshold: 0.5,
    negThreshold: 0.35,
    minSpeechDurationMs: 0,
    maxSpeechDurationS: Infinity,
    minSilenceDurationMs: 2000,
    speechPadMs: 400,
  })
})

test('where chunks are decoded together, a short silence ends speech and no speech is longer than a chunk', () => {
  const batched = { maxSpeechDurationS: 30, minSilenceDurationMs: 160 }
  expect(vadOptions({}, 30)).toMatchObject(batched)
  expect(vadOptions({ maxSpeechDurationS: 99, minSilenceDurationMs: 5 }, 30)).toMatchObject({
    maxSpeechDurationS: 30,
    minSilenceDurationMs: 5,
  })
  expect(vadOptions({ maxSpeechDurationS: 10 }, 30).maxSpeechDurationS).toBe(10)
})

test('the lower threshold follows the upper one, but not to nothing', () => {
  expect(vadOptions({ threshold: 0.9 }).negThreshold).toBeCloseTo(0.75, 12)
  expect(vadOptions({ threshold: 0.1 }).negThreshold).toBe(0.01)
  expect(vadOptions({ negThreshold: 0 }).negThreshold).toBe(0)
})
