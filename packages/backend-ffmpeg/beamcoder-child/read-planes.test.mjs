import { expect, test } from 'vitest'

import { isKnown, readPlanes } from './read-planes.mjs'

const bytes = (samples) => new Uint8Array(samples.buffer)

/** Three frames of two channels, read from `from` on. */
function read(format, buffers, from = 0, count = 3) {
  const planes = [new Float32Array(4), new Float32Array(4)]
  readPlanes({ format, channels: 2, nb_samples: 3, buffers }, from, count, planes, 1)
  return planes.map((plane) => [...plane])
}

test('every format becomes floats, interleaved or in planes', () => {
  const left = [0, 0.5, -0.25, -1]
  const right = [0, -0.5, 0.125, 0]
  for (const [format, Samples, number] of [
    ['u8', Uint8Array, (x) => x * 128 + 128],
    ['s16', Int16Array, (x) => x * 2 ** 15],
    ['s32', Int32Array, (x) => x * 2 ** 31],
    ['flt', Float32Array, (x) => x],
    ['dbl', Float64Array, (x) => x],
  ]) {
    const wanted = [left, right].map((plane) => plane.slice(1).map(number))
    const mixed = Samples.from([0, 1, 2].flatMap((i) => [wanted[0][i], wanted[1][i]]))
    expect(read(format, [bytes(mixed)])).toEqual([left, right])
    const planes = wanted.map((plane) => bytes(Samples.from(plane)))
    const planar = `${String(format)}p`
    expect(read(planar, planes)).toEqual([left, right])
    expect(read(planar, planes, 2, 1)).toEqual([
      [0, left[3], 0, 0],
      [0, right[3], 0, 0],
    ])
  }
})

test('a frame that holds less than it says is an error', () => {
  expect(() => read('s16', [new Uint8Array(11)])).toThrow('less than it says')
})

test('what is no format of samples is not known', () => {
  expect(['s16', 's16p', 'fltp'].every(isKnown)).toBe(true)
  expect(['yuv420p', 's64', 'p', ''].some(isKnown)).toBe(false)
})
