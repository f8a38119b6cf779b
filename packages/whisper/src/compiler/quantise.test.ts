import { expect, test } from 'vitest'

import { movedUp, quantiseBlocks, quantiseRows, transpose } from './quantise.js'

test('a matrix of any size is transposed', () => {
  const data = Float32Array.from({ length: 37 * 50 }, (_, at) => at)
  const turned = transpose(data, 37, 50, new Float32Array(data.length))
  expect(turned[49 * 37 + 3]).toBe(3 * 50 + 49)
  expect(transpose(turned, 50, 37, new Float32Array(data.length))).toEqual(data)
})

test('the largest of each row becomes 127, others the nearest whole number, ties the even one', () => {
  const rows = [
    [127, 2.5, -3.5, -127],
    [0, 0, 0, 0],
    [-1, 0.5, 0.25, 0.125],
  ]
  const { values, scales } = quantiseRows({
    rows: 3,
    columns: 4,
    data: Float32Array.from(rows.flat()),
  })
  const back = transpose(values, 4, 3, new Int8Array(12))
  expect([...back]).toEqual([127, 2, -4, -127, 0, 0, 0, 0, -127, 64, 32, 16])
  expect(scales[0]).toBe(1)
  expect(scales[2]).toBe(Math.fround(1 / 127))
})

test('signed numbers become unsigned ones around 128', () => {
  expect([...movedUp(Int8Array.of(-128, -127, -1, 0, 1, 127))]).toEqual([0, 1, 127, 128, 129, 255])
})

test('each block of a row has a scale of its own, and 128 stands for zero', () => {
  const data = Float32Array.of(127, -127, 1, 0, 2, 1, 0, -1, 0, 0, 0, 0)
  const { values, scales } = quantiseBlocks({ rows: 1, columns: 12, data }, 4)
  expect([...values]).toEqual([255, 1, 129, 128, 255, 192, 128, 64, 128, 128, 128, 128])
  expect([...scales]).toEqual([1, Math.fround(2 / 127), 1])
})
