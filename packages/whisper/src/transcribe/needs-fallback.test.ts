import { expect, test } from 'vitest'

import { chooseExhausted, isSilent, needsFallback } from './needs-fallback.js'

const thresholds = { compressionRatioThreshold: 2.4, logProbThreshold: -1, noSpeechThreshold: 0.6 }
const good = { avgLogprob: -0.3, compressionRatio: 1.5, noSpeechProb: 0.1, temperature: 0 }

test('a window on a threshold passes, one beyond it fails', () => {
  const border = { ...good, avgLogprob: -1, compressionRatio: 2.4 }
  expect(needsFallback(border, thresholds)).toBe(false)
  expect(needsFallback({ ...border, avgLogprob: -1.01 }, thresholds)).toBe(true)
  expect(needsFallback({ ...border, compressionRatio: 2.41 }, thresholds)).toBe(true)
})

test('silence is not decoded again, however repetitive its text', () => {
  const silent = { ...good, avgLogprob: -1.5, compressionRatio: 9, noSpeechProb: 0.7 }
  expect(needsFallback(silent, thresholds)).toBe(false)
  expect(isSilent(silent, thresholds)).toBe(true)
})

test('a likely text is kept, however silent the window', () => {
  expect(isSilent({ ...good, noSpeechProb: 0.99 }, thresholds)).toBe(false)
  expect(isSilent({ ...good, noSpeechProb: 0.99 }, { ...thresholds, logProbThreshold: null })).toBe(
    true,
  )
})

test('of failed temperatures the likeliest that varies stays, told as the last temperature', () => {
  const outcomes = [
    { ...good, avgLogprob: -1.1, compressionRatio: 3 },
    { ...good, avgLogprob: -1.4, temperature: 0.2 },
    { ...good, avgLogprob: -1.6, temperature: 0.4 },
  ]
  expect(chooseExhausted(outcomes, thresholds)).toMatchObject({
    avgLogprob: -1.4,
    temperature: 0.4,
  })
  expect(chooseExhausted(outcomes.slice(0, 1), thresholds)).toMatchObject({ avgLogprob: -1.1 })
})
