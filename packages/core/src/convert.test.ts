import { expect, test } from 'vitest'

import { rampFile, plainRamp } from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import { convert, load, registerBackend } from './index.js'
import type { AudioData } from './index.js'

resetRegistry()

async function ramp(options = {}): Promise<AudioData> {
  registerBackend(plainRamp())
  return load(rampFile({ sampleRate: 8000, channels: 2, frames: 4000 }), options)
}

test('audio in memory becomes what load would have given', async () => {
  const options = { sampleRate: 16_000, mono: true }
  const converted = await convert(await ramp(), options)
  const loaded = await ramp(options)
  expect(converted.data).toEqual(loaded.data)
  expect(converted).toMatchObject({
    channels: 1,
    frames: 8000,
    sampleRate: 16_000,
    durationSeconds: 0.5,
  })
})

test('samples with a rate are audio of one channel', async () => {
  const samples = new Float32Array(441).fill(0.5)
  const converted = await convert({ samples, sampleRate: 44_100 }, { sampleRate: 16_000 })
  expect(converted).toMatchObject({ channels: 1, frames: 160, startSeconds: 0 })
  expect(converted.data[80]).toBeCloseTo(0.5, 5)
})

test('what is as it should be is not copied', async () => {
  const samples = new Float32Array(10)
  expect((await convert({ samples, sampleRate: 16_000 }, { mono: true })).data).toBe(samples)
})

test('damage is told in the frames of the result', async () => {
  const audio = await ramp()
  const damaged = [{ startFrame: 1001, endFrame: 2001, byteOffset: null, reason: 'cut' }]
  const broken = { ...audio, report: { ...audio.report, damaged } }
  const { report } = await convert(broken, { sampleRate: 4000 })
  expect(report.damaged).toEqual([{ ...damaged[0], startFrame: 500, endFrame: 1001 }])
})

test('what is no audio is refused', async () => {
  await expect(convert({ samples: [1, 2], sampleRate: 8000 } as never)).rejects.toThrow(TypeError)
  await expect(convert(null as never)).rejects.toThrow('convert() takes')
  const samples = new Float32Array(1)
  await expect(convert({ samples, sampleRate: 0.5 })).rejects.toThrow(RangeError)
  await expect(convert({ samples, sampleRate: 8 }, { sampleRate: -1 })).rejects.toThrow(RangeError)
  const signal = AbortSignal.abort(new Error('no'))
  await expect(convert({ samples, sampleRate: 8 }, { signal })).rejects.toThrow('no')
})
