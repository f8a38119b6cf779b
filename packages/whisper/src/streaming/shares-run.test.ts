import { expect, test } from 'vitest'

import { sharesRun } from './shares-run.js'

test.each([
  [[1, 2, 3], [0, 1, 2, 3], 3, true],
  [[9, 1, 2, 3, 9], [1, 2, 3], 3, true],
  [[1, 2, 3], [1, 2, 4, 2, 3], 3, false],
  [[1, 1, 2], [1, 1, 1, 2], 3, true],
  [[1, 2], [1, 2], 3, false],
  [[], [1, 2], 1, false],
])('%j and %j, %i in a row: %s', (tokens, others, length, expected) => {
  expect(sharesRun(tokens, others, length)).toBe(expected)
  expect(sharesRun(others, tokens, length)).toBe(expected)
})
