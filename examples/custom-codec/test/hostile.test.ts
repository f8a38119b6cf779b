import { isAudioDecodeError, load, registerBackend } from '@audiodecode/core'
import { beforeAll, expect, test } from 'vitest'

import { qoaBackend } from '../src/qoa-backend.js'
import { fixture, reconstruction } from './fixtures.js'

beforeAll(() => registerBackend(qoaBackend))

/** The first frame of speech.qoa: a header, 16 bytes of predictor, 256 slices. */
const FRAME_BYTES = 8 + 16 + 256 * 8

test('a file cut anywhere gives its whole frames and says that it is truncated', async () => {
  const file = fixture('speech.qoa')
  const expected = reconstruction('speech', 1)
  for (const length of [8 + FRAME_BYTES, 9 + FRAME_BYTES, 8 + 2 * FRAME_BYTES - 1]) {
    const { data, report } = await load(file.slice(0, length))
    expect(data).toEqual(expected.subarray(0, 5120))
    expect(report).toMatchObject({ truncated: true, expectedFrames: 12_345 })
  }
})

test('a file without one whole frame is corrupt', async () => {
  const file = fixture('speech.qoa')
  for (const length of [4, 8, 12, 8 + FRAME_BYTES - 1]) {
    await expect(load(file.slice(0, length))).rejects.toMatchObject({ code: 'ERR_CORRUPT' })
  }
})

test('strict callers get an error with the byte where a cut file ends', async () => {
  const cut = fixture('speech.qoa').slice(0, 8 + FRAME_BYTES + 100)
  await expect(load(cut, { onDamage: 'error' })).rejects.toMatchObject({
    code: 'ERR_CORRUPT',
    byteOffset: 8 + FRAME_BYTES,
  })
})

test('a header that promises four thousand million samples reserves no memory for them', async () => {
  const file = fixture('speech.qoa')
  file.fill(0xff, 4, 8)
  const { frames, report } = await load(file)
  expect(frames).toBe(12_345)
  expect(report).toMatchObject({ truncated: true, expectedFrames: 0xffffffff })
})

test('no samples beyond those the header promises', async () => {
  const file = fixture('speech.qoa')
  new DataView(file.buffer).setUint32(4, 6000)
  expect((await load(file)).data).toEqual(reconstruction('speech', 1).subarray(0, 6000))
})

test.each([
  ['no channels', 8, [0]],
  ['a rate of 0 Hz', 9, [0, 0, 0]],
  ['no samples in a frame', 12, [0, 0]],
  ['more samples than a frame holds', 12, [0xff, 0xff]],
  ['a frame too small for its samples', 14, [0, 9]],
  ['a size of 0, which would go round for ever', 14, [0, 0]],
])('%s is corrupt', async (_, offset, bytes) => {
  const file = fixture('speech.qoa')
  file.set(bytes, offset)
  await expect(load(file)).rejects.toMatchObject({ code: 'ERR_CORRUPT' })
})

test('limits hold before memory is reserved', async () => {
  const file = fixture('stereo.qoa')
  for (const limits of [
    { maxOutputBytes: 47_999 },
    { maxDurationSeconds: 0.2 },
    { maxChannels: 1 },
  ]) {
    await expect(load(file, { limits })).rejects.toMatchObject({ code: 'ERR_LIMIT_EXCEEDED' })
  }
  expect((await load(file, { limits: { maxOutputBytes: 48_000 } })).data.length).toBe(12_000)
})

test('a change of rate half-way is not passed off as one recording', async () => {
  const file = fixture('speech.qoa')
  file[8 + FRAME_BYTES + 3] = 1
  await expect(load(file)).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED_FORMAT' })
})

test('forced on another format it declines', async () => {
  const text = new TextEncoder().encode('This is no audio at all.')
  const reason = await load(text, { backend: 'qoa' }).catch((error: unknown) => error)
  expect(isAudioDecodeError(reason) && reason.code).toBe('ERR_UNSUPPORTED_FORMAT')
})

test('five hundred damaged files give samples in range or a typed error', async () => {
  const original = fixture('stereo.qoa')
  // A linear congruential generator (Numerical Recipes), so that a failure can be repeated.
  let seed = 1
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  for (let round = 0; round < 500; round++) {
    const file = original.slice(0, random(4) === 0 ? random(original.length) : original.length)
    const flips = 1 + random(20)
    for (let i = 0; i < flips; i++)
      file[4 + random(random(2) === 0 ? 60 : file.length)] = random(256)
    try {
      const { data } = await load(file, { backend: 'qoa' })
      expect(data.length).toBeGreaterThan(0)
      expect(data.every((sample) => sample >= -1 && sample < 1)).toBe(true)
    } catch (error) {
      expect(isAudioDecodeError(error), String(error)).toBe(true)
    }
  }
}, 60_000)

test('an abort is heard between frames', async () => {
  const work = load(fixture('speech.qoa'), { signal: AbortSignal.abort(new Error('enough')) })
  await expect(work).rejects.toThrow('enough')
})
