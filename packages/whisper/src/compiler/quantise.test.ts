import { expect, test } from 'vitest'

import { quantiseBlocks, transpose } from './quantise.js'

test('a matrix of any size is transposed', () => {
  const data = Float32Array.from({ length: 37 * 50 }, (_, at) => at)
  const turned = transpose(data, 37, 50, new Float32Array(data.length))
  expect(turned[49 * 37 + 3]).toBe(3 * 50 + 49)
  expect(transpose(turned, 50, 37, new Float32Array(data.length))).toEqual(data)
})

test('each block of a row has a scale of its own, and 128 stands for zero', () => {
  const data = Float32Array.of(127, -127, 1, 0, 2, 1, 0, -1, 0, 0, 0, 0)
  const { values, scales } = quantiseBlocks({ rows: 1, columns: 12, data }, 4)
  expect([...values]).toEqual([255, 1, 129, 128, 255, 192, 128, 64, 128, 128, 128, 128])
  expect([...scales]).toEqual([1, Math.fround(2 / 127), 1])
})
