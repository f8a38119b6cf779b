import { expect, test } from 'vitest'

import { seekPoints } from './seek-points.js'

test('without clips all frames are one', () => {
  expect(seekPoints(undefined, 500)).toEqual([[0, 500]])
  expect(seekPoints([], 500)).toEqual([[0, 500]])
})

test('clips become frames, rounded half to even', () => {
  const clips = [
    { start: 0.125, end: 1.375 },
    { start: 2, end: Infinity },
  ]
  expect(seekPoints(clips, 500)).toEqual([
    [12, 138],
    [200, 500],
  ])
})
