import { AudioDecoder, info, load, registerBackend, stream } from '@audiodecode/core'
import { beforeAll, expect, test } from 'vitest'

import { dequantized } from '../src/decode-frame.js'
import { qoaBackend } from '../src/qoa-backend.js'
import { fixture, reconstruction } from './fixtures.js'

beforeAll(() => registerBackend(qoaBackend))

test('the tables are those of the specification', () => {
  const row = (s: number): number[] => [...(dequantized[s] as Int32Array)]
  expect(row(0)).toEqual([1, -1, 3, -3, 5, -5, 7, -7])
  expect(row(1)).toEqual([5, -5, 18, -18, 32, -32, 49, -49])
  expect(row(15)).toEqual([1536, -1536, 5120, -5120, 9216, -9216, 14336, -14336])
})

test.each([
  ['speech', 1, 44_100],
  ['stereo', 2, 22_050],
  ['streaming', 2, 22_050],
])('%s decodes to what its encoder reconstructed, bit for bit', async (name, channels, rate) => {
  const audio = await load(fixture(`${name}.qoa`))
  expect(audio).toMatchObject({ channels, sampleRate: rate, backend: 'qoa' })
  expect(audio.data).toEqual(reconstruction(name, channels))
  expect(audio.report).toMatchObject({ truncated: false, damaged: [] })
  // A streaming file promises nothing.
  if (name !== 'streaming') expect(audio.report.expectedFrames).toBe(audio.frames)
})

test('a path works as bytes do, and the content counts more than the name', async () => {
  const path = new URL('fixtures/speech.qoa', import.meta.url)
  expect((await load(path)).data).toEqual(reconstruction('speech', 1))
})

test('core cuts a range out of it', async () => {
  const { data, startSeconds } = await load(fixture('stereo.qoa'), { offset: 0.1, duration: 0.05 })
  const whole = reconstruction('stereo', 2)
  // round(0.1 × 22,050) = 2,205; round(0.15 × 22,050) = 3,308 or 3,307 by rounding of the sum.
  const frames = data.length / 2
  expect(Math.abs(frames - 1102.5)).toBeLessThanOrEqual(0.5)
  expect(startSeconds).toBeCloseTo(0.1, 9)
  expect(data.subarray(0, frames)).toEqual(whole.subarray(2205, 2205 + frames))
  expect(data.subarray(frames)).toEqual(whole.subarray(6000 + 2205, 6000 + 2205 + frames))
})

test('core mixes it to mono: the mean of the channels', async () => {
  const { data, channels } = await load(fixture('stereo.qoa'), { mono: true })
  const whole = reconstruction('stereo', 2)
  expect(channels).toBe(1)
  const worst = data.reduce((most, value, i) => {
    const mean = ((whole[i] as number) + (whole[6000 + i] as number)) / 2
    return Math.max(most, Math.abs(value - mean))
  }, 0)
  expect(worst).toBeLessThan(1e-7)
})

test('core resamples it: a 330 Hz tone keeps its frequency and level', async () => {
  const { channelData, frames, sampleRate } = await load(fixture('stereo.qoa'), {
    sampleRate: 16_000,
  })
  expect({ frames, sampleRate }).toEqual({
    frames: Math.ceil((6000 * 16) / 22.05),
    sampleRate: 16_000,
  })
  // Correlated with the tone the fixture was made of, amplitude 0.5, away from the ends.
  let real = 0
  let imaginary = 0
  const [from, to] = [400, 3900]
  for (let i = from; i < to; i++) {
    const phase = (2 * Math.PI * 330 * i) / 16_000
    real += (channelData[0]?.[i] as number) * Math.sin(phase)
    imaginary += (channelData[0]?.[i] as number) * Math.cos(phase)
  }
  expect((2 * real) / (to - from)).toBeCloseTo(0.5, 2)
  expect((2 * imaginary) / (to - from)).toBeCloseTo(0, 2)
})

test('the blocks of a stream put together are the whole', async () => {
  const left: number[] = []
  for await (const block of stream(fixture('stereo.qoa'), { blockSeconds: 0.03 })) {
    left.push(...(block.channelData[0] as Float32Array))
  }
  expect(Float32Array.from(left)).toEqual(reconstruction('stereo', 2).subarray(0, 6000))
})

test('a decoder stays open for many ranges, and info tells what load would give', async () => {
  const about = await info(fixture('speech.qoa'))
  expect(about).toMatchObject({
    sampleRate: 44_100,
    channels: 1,
    frames: 12_345,
    framesExact: true,
  })
  const decoder = await AudioDecoder.open(fixture('speech.qoa'))
  const [a, b] = await Promise.all([
    decoder.decode({ duration: 0.1 }),
    decoder.decode({ offset: -0.1 }),
  ])
  await decoder.close()
  const whole = reconstruction('speech', 1)
  expect(a.data).toEqual(whole.subarray(0, 4410))
  expect(b.data).toEqual(whole.subarray(12_345 - 4410))
})
