import { expect, test } from 'vitest'

import { resolveOptions } from '../transcribe/options.js'
import { sideBySide } from './side-by-side.js'

const base = { width: 512, layers: { encoder: 6, decoder: 6 } }
const minute = 60 * 16_000

test('long audio, whose silence is left out, is decoded in chunks, short audio is not', () => {
  expect(sideBySide(minute + 1, resolveOptions({}), base)).toBe(3)
  expect(sideBySide(minute, resolveOptions({}), base)).toBeNull()
  expect(sideBySide(minute, resolveOptions({ vad: true }), base)).toBe(3)
  expect(sideBySide(10 * minute, resolveOptions({ vad: false }), base)).toBeNull()
})

test('what goes from window to window keeps it from chunks', () => {
  for (const asked of [
    { conditionOnPreviousText: true },
    { prefix: 'And so' },
    { wordTimestamps: true, hallucinationSilenceThreshold: 1 },
    { batchSize: 1 },
    { clipTimestamps: [{ start: 0, end: 100 }] },
  ]) {
    expect(sideBySide(10 * minute, resolveOptions(asked), base), JSON.stringify(asked)).toBeNull()
  }
  const unconditioned = resolveOptions({ conditionOnPreviousText: false })
  expect(sideBySide(10 * minute, unconditioned, base)).toBe(3)
})

test('a number is what it says', () => {
  expect(sideBySide(minute, resolveOptions({ batchSize: 8, vad: false }), base)).toBe(8)
})

test('large models have fewer at a time, by the memory that each takes', () => {
  const many = (width: number, layers: number): number | null =>
    sideBySide(10 * minute, resolveOptions({}), {
      width,
      layers: { encoder: 32, decoder: layers },
    })
  expect(many(768, 12)).toBe(3)
  expect(many(1024, 24)).toBe(1)
  expect(many(1280, 32)).toBe(1)
  expect(many(1280, 4)).toBe(3)
})
