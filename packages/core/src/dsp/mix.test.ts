import { expect, test } from 'vitest'

import { mixToMono, mixToMonoInSlices } from './mix.js'

test('mono is the mean of the channels', async () => {
  const planar = Float32Array.of(1, 0.5, -1, 0, 0.25, 0.5, -0.25, 0.25, 0)
  const mean = Float32Array.of(0.25, 1 / 3, -0.5 / 3)
  for (const mono of [mixToMono(planar, 3), await mixToMonoInSlices(planar, 3)]) {
    expect(mono).toEqual(mean)
  }
  expect(mixToMono(Float32Array.of(1, 2, 0, -4), 2)).toEqual(Float32Array.of(0.5, -1))
})

test('one channel is copied, never handed on', async () => {
  const planar = Float32Array.of(0.1, 0.2)
  for (const mono of [mixToMono(planar, 1), await mixToMonoInSlices(planar, 1)]) {
    expect(mono).toEqual(planar)
    expect(mono.buffer).not.toBe(planar.buffer)
  }
})

test('the sum of loud channels does not lose small samples', () => {
  // In single precision 1e8 + 1 is 1e8.
  expect(mixToMono(Float32Array.of(1e8, 1, -1e8, 1), 4)[0]).toBe(0.5)
})

test('a length that is no multiple of the channels is refused', () => {
  expect(() => mixToMono(new Float32Array(5), 2)).toThrow(RangeError)
  expect(() => mixToMono(new Float32Array(4), 0)).toThrow(RangeError)
})

test('mixing in slices obeys the signal', async () => {
  const controller = new AbortController()
  const mixing = mixToMonoInSlices(new Float32Array(8_000_000), 8, controller.signal)
  controller.abort(new Error('enough'))
  await expect(mixing).rejects.toThrow('enough')
})
