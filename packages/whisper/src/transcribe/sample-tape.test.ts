import { expect, test } from 'vitest'

import { SampleTape } from './sample-tape.js'

const numbers = (from: number, to: number): Float32Array =>
  Float32Array.from({ length: to - from }, (_, index) => from + index)

function tape(...ends: readonly number[]): SampleTape {
  const made = new SampleTape()
  for (const [index, end] of ends.entries()) made.push(numbers(ends[index - 1] ?? 0, end))
  return made
}

test('what came in blocks is read as one', () => {
  const blocks = tape(3, 4, 4, 9)
  expect(blocks.length).toBe(9)
  expect(blocks.read(0, 9)).toEqual(numbers(0, 9))
  expect(blocks.read(2, 5)).toEqual(numbers(2, 5))
})

test('what lies beyond the end is left out', () => {
  expect(tape(3, 6).read(4, 20)).toEqual(numbers(4, 6))
  expect(tape(3).read(5, 9)).toHaveLength(0)
})

test('stretches are put one behind the other', () => {
  const joined = tape(3, 6, 12).join([
    { start: 1, end: 4 },
    { start: 7, end: 9 },
    { start: 11, end: 30 },
  ])
  expect([...joined]).toEqual([1, 2, 3, 7, 8, 11])
})

test('what is forgotten needs no memory, and the rest keeps its place', () => {
  const blocks = tape(4, 8, 12)
  blocks.forget(9)
  expect(blocks.length).toBe(12)
  expect(blocks.read(9, 11)).toEqual(numbers(9, 11))
})
