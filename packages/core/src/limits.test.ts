import { expect, test } from 'vitest'

import { openingRamp, plainRamp, rampFile } from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import { AudioDecoder, defaultLimits, load, registerBackend, stream } from './index.js'
import type { BackendRequest } from './index.js'

resetRegistry()

const file = rampFile({ sampleRate: 800, channels: 2, frames: 800 })
const exceeded = (limit: string): object => ({
  code: 'ERR_LIMIT_EXCEEDED',
  message: expect.stringContaining(limit),
})

test.each([
  { maxChannels: 1 },
  { maxDurationSeconds: 0.99 },
  { maxOutputBytes: 6399 },
  { maxInputBytes: 15 },
])('%o is exceeded before anything is decoded', async (limits) => {
  const requests: BackendRequest[] = []
  registerBackend(openingRamp({ requests }))
  const [name] = Object.keys(limits)
  await expect(load(file, { limits })).rejects.toMatchObject(exceeded(`limits.${name}`))
  expect(requests).toEqual([])
})

test('what just meets every limit is decoded', async () => {
  const limits = { maxChannels: 2, maxDurationSeconds: 1, maxOutputBytes: 6400, maxInputBytes: 16 }
  for (const backend of [openingRamp(), plainRamp({ name: 'opening' })]) {
    registerBackend(backend)
    expect((await load(file, { limits })).frames).toBe(800)
  }
})

test('a length in the header that memory cannot hold is refused, not reserved', async () => {
  const frames = 2 ** 40
  registerBackend(openingRamp({ info: { frames, framesExact: true } }))
  const limits = { maxDurationSeconds: Infinity }
  await expect(load(file, { limits })).rejects.toMatchObject(exceeded('maxOutputBytes'))
  await expect(load(file)).rejects.toMatchObject(exceeded('maxDurationSeconds'))
})

test('limits hold for the range that is read, not for the file', async () => {
  registerBackend(openingRamp())
  const limits = { maxDurationSeconds: 0.5 }
  expect((await load(file, { limits, offset: 0.5 })).frames).toBe(400)
  await using decoder = await AudioDecoder.open(file, { limits })
  expect((await decoder.decode({ duration: 0.5 })).frames).toBe(400)
  await expect(decoder.decode()).rejects.toMatchObject(exceeded('maxDurationSeconds'))
})

test('limits are met at the output rate', async () => {
  registerBackend(openingRamp())
  const limits = { maxOutputBytes: 6400 }
  await expect(load(file, { limits, sampleRate: 1600 })).rejects.toMatchObject(
    exceeded('maxOutputBytes'),
  )
  expect((await load(file, { limits, sampleRate: 1600, mono: true })).frames).toBe(1600)
})

test('a file whose length nobody knew meets them when it is decoded', async () => {
  registerBackend(plainRamp())
  for (const limits of [{ maxDurationSeconds: 0.5 }, { maxOutputBytes: 100 }, { maxChannels: 1 }]) {
    await expect(load(file, { limits })).rejects.toMatchObject({ code: 'ERR_LIMIT_EXCEEDED' })
  }
})

test('a stream of blocks may be longer than one array, but not than the time allowed', async () => {
  registerBackend(openingRamp())
  let frames = 0
  for await (const block of stream(file, { blockSeconds: 0.1, limits: { maxOutputBytes: 1000 } })) {
    frames += block.frames
  }
  expect(frames).toBe(800)
  const limits = { maxDurationSeconds: 0.5 }
  await expect(stream(file, { limits })[Symbol.asyncIterator]().next()).rejects.toMatchObject(
    exceeded('maxDurationSeconds'),
  )
})

test('no memory for the samples is an error with advice', async () => {
  registerBackend(
    plainRamp({
      decode() {
        throw new RangeError('Array buffer allocation failed')
      },
    }),
  )
  await expect(load(file)).rejects.toMatchObject(exceeded('not enough memory'))
})

test('lifted limits reach a backend as numbers that integers can hold', async () => {
  const requests: BackendRequest[] = []
  registerBackend(openingRamp({ requests }))
  await load(file, { limits: { maxOutputBytes: Infinity } })
  expect(requests[0]?.limits).toEqual({
    ...defaultLimits,
    maxOutputBytes: Number.MAX_SAFE_INTEGER,
  })
})
