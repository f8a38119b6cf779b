import type { TranscriptionResult } from '@audiodecode/core'
import { expect, test } from 'vitest'

import type { SubtitleOptions } from './subtitle-options.js'
import { toJson } from './to-json.js'
import { toSrt } from './to-srt.js'
import { toVtt } from './to-vtt.js'

const segment = {
  id: 0,
  start: 0,
  end: 1.5,
  text: ' Hello.',
  tokens: [1],
  seek: 0,
  avgLogprob: -0.1,
  compressionRatio: 1,
  noSpeechProb: 0,
  temperature: 0,
}
const result: TranscriptionResult = {
  text: ' Hello.',
  segments: [segment],
  language: 'en',
  languageProbability: 1,
  durationSeconds: 1.5,
  speechSeconds: 1.5,
  report: null,
}

test.each([{ maxLineWidth: 20 }, { highlightWords: true }])(
  '%j without words is an error that says how to get them',
  (options) => {
    expect(() => toSrt(result, options)).toThrow(TypeError)
    expect(() => toSrt(result, options)).toThrow('wordTimestamps: true')
  },
)

test('a result without segments needs no words', () => {
  expect(toSrt({ ...result, segments: [] }, { highlightWords: true })).toBe('')
  expect(toVtt({ ...result, segments: [] })).toBe('WEBVTT\n\n')
})

test.each([
  [{ maxLineCount: 2 }, 'maxLineCount needs maxLineWidth'],
  [{ maxLineWidth: 0 }, 'maxLineWidth must be a whole number from 1 upwards, not 0'],
  [{ maxLineWidth: '20' }, 'maxLineWidth must be a number'],
  [{ highlightWords: 1 }, 'highlightWords must be true or false'],
  [5, 'options must be an object'],
])('%j is refused', (options, message) => {
  expect(() => toVtt(result, options as SubtitleOptions)).toThrow(message)
})

test('an arrow in a word does not end up in the times', () => {
  const words = [{ word: ' a-->b', start: 0, end: 1, probability: 1 }]
  expect(toSrt({ ...result, segments: [{ ...segment, words }] })).toBe(
    '1\n00:00:00,000 --> 00:00:01,000\na->b\n\n',
  )
})

test('the channel of a segment is written', () => {
  const written: unknown = JSON.parse(toJson({ ...result, segments: [{ ...segment, channel: 1 }] }))
  expect(written).toMatchObject({ segments: [{ channel: 1 }] })
})
