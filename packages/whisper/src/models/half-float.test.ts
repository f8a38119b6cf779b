import { expect, test } from 'vitest'

import { fromBfloat16, fromFloat16, toFloat16 } from './half-float.js'

// Values of IEEE 754-2008, binary16.
test.each([
  [0x3c00, 1],
  [0xc000, -2],
  [0x7bff, 65_504],
  [0x0400, 2 ** -14],
  [0x0001, 2 ** -24],
  [0x3555, 0.333251953125],
  [0x7c00, Infinity],
  [0xfc00, -Infinity],
  [0x8000, -0],
])('%i is %f', (bits, value) => {
  expect(fromFloat16(Uint16Array.of(bits))[0]).toBe(value)
  expect(toFloat16(Float32Array.of(value))[0]).toBe(bits)
})

test('every half-precision float survives the way to float32 and back', () => {
  const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits)
  const back = toFloat16(fromFloat16(all))
  const isNaN = (bits: number): boolean => (bits & 0x7fff) > 0x7c00
  expect(all.every((bits, at) => bits === back[at] || (isNaN(bits) && isNaN(back[at]!)))).toBe(true)
})

test('what lies between two is rounded to the nearer, in the middle to the even one', () => {
  const step = 2 ** -10
  const bits = (value: number): number => toFloat16(Float32Array.of(value))[0]!
  expect(bits(1 + 0.49 * step)).toBe(0x3c00)
  expect(bits(1 + 0.5 * step)).toBe(0x3c00)
  expect(bits(1 + 0.51 * step)).toBe(0x3c01)
  expect(bits(1 + 1.5 * step)).toBe(0x3c02)
  expect(bits(2 - 0.5 * step)).toBe(0x4000)
  expect(bits(65_519)).toBe(0x7bff)
  expect(bits(65_520)).toBe(0x7c00)
  expect(bits(2 ** -25)).toBe(0)
  expect(bits(1.01 * 2 ** -25)).toBe(1)
  expect(bits(-1.5 * 2 ** -24)).toBe(0x8002)
})

test('a bfloat16 is the upper half of a float32', () => {
  expect([...fromBfloat16(Uint16Array.of(0x3f80, 0xc049, 0))]).toEqual([1, -3.140625, 0])
})
