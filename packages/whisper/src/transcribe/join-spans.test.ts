import { expect, test } from 'vitest'

import { joinSpans, joinSpansInPlace } from './join-spans.js'

const audio = (): Float32Array => Float32Array.from({ length: 20 }, (_, at) => at)

test.each([
  ['none', []],
  ['one', [{ start: 3, end: 6 }]],
  ['all', [{ start: 0, end: 20 }]],
  [
    'some, two of them beside each other',
    [
      { start: 1, end: 3 },
      { start: 3, end: 9 },
      { start: 15, end: 20 },
    ],
  ],
  [
    'some that overlap',
    [
      { start: 5, end: 12 },
      { start: 3, end: 9 },
    ],
  ],
])('joined in place they are what a copy is: %s', (_, spans) => {
  const expected = spans.flatMap(({ start, end }) => [...audio().subarray(start, end)])
  expect([...joinSpans(audio(), spans)]).toEqual(expected)
  expect([...joinSpansInPlace(audio(), spans)]).toEqual(expected)
})

test('what is joined in place lies in the memory of the audio', () => {
  const samples = audio()
  expect(joinSpansInPlace(samples, [{ start: 4, end: 8 }]).buffer).toBe(samples.buffer)
})
