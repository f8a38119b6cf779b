import { afterEach, describe, expect, test } from 'vitest'

import {
  openingRamp,
  plainRamp,
  rampFile,
  rampInfo,
  rampSample,
  rampSamples,
  readRamp,
} from '../test/ramp-codec.js'
import { resampleRange } from './dsp/resample.js'
import {
  load,
  listBackends,
  outputLength,
  registerBackend,
  stream,
  unregisterBackend,
} from './index.js'
import type { AudioBackend, BackendRequest, LoadOptions } from './index.js'

afterEach(() => {
  for (const { name } of listBackends()) unregisterBackend(name)
})

const stereo = { sampleRate: 800, channels: 2, frames: 800 }
const file = rampFile(stereo)

/** A backend with `info` and `decode(range)`, but no `open`. */
function lookingRamp(): AudioBackend {
  return plainRamp({
    capabilities: { range: true, inputs: ['bytes'] },
    info: async (source) => rampInfo(readRamp(source)),
    async decode(source, { startFrame, endFrame }) {
      const { sampleRate, channels, frames } = readRamp(source)
      const end = Math.min(endFrame ?? frames, frames)
      return { data: rampSamples(channels, startFrame, end), channels, sampleRate }
    },
  })
}

/** Every way a backend may be written must give the same samples. */
const backends: readonly (readonly [string, () => AudioBackend])[] = [
  ['a backend that only decodes', () => plainRamp()],
  ['a backend that only decodes but mixes', mixingRamp],
  ['a backend with info and ranges', lookingRamp],
  ['a backend that opens', () => openingRamp()],
  ['a backend that opens but makes no blocks', () => openingRamp({ blocks: false })],
  [
    'a backend that opens but leaves everything to core',
    () => openingRamp({ backend: { capabilities: { inputs: ['bytes'] } } }),
  ],
  [
    'a backend that does not know how long the file is',
    () => openingRamp({ info: { frames: null, framesExact: false, durationSeconds: null } }),
  ],
  [
    'a backend whose length is a wrong estimate',
    () => openingRamp({ info: { frames: 400, framesExact: false, durationSeconds: 0.5 } }),
  ],
]

function mixingRamp(): AudioBackend {
  return plainRamp({
    capabilities: { mono: true, inputs: ['bytes'] },
    async decode(source, { mono }) {
      const { sampleRate, channels, frames } = readRamp(source)
      const data = mono ? mean(channels, frames) : rampSamples(channels, 0, frames)
      return { data, channels: mono ? 1 : channels, sampleRate }
    },
  })
}

function mean(channels: number, frames: number): Float32Array {
  return Float32Array.from({ length: frames }, (_, frame) => {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += rampSample(channel, frame)
    return sum / channels
  })
}

/** Ranges as seconds, and the frames at 800 Hz that they mean, worked out by hand. */
const ranges: readonly (readonly [LoadOptions, number, number])[] = [
  [{}, 0, 800],
  [{ offset: 0.25 }, 200, 800],
  [{ duration: 0.5 }, 0, 400],
  [{ offset: 0.1, duration: 0.2 }, 80, 240],
  [{ offset: 0.0006 }, 0, 800],
  [{ offset: 0.0007 }, 1, 800],
  [{ offset: -0.25 }, 600, 800],
  [{ offset: -0.5, duration: 0.25 }, 400, 600],
  [{ offset: -0.5, duration: 9 }, 400, 800],
  [{ offset: -9 }, 0, 800],
  [{ offset: -1.5, duration: 1 }, 0, 400],
  [{ offset: 0.9, duration: 5 }, 720, 800],
]

const ceilDiv = (a: bigint, b: bigint): number => Number((a + b - 1n) / b)
const scaled = (frame: number, from: number, to: number): number =>
  ceilDiv(BigInt(frame) * BigInt(to), BigInt(from))

describe.each(backends)('with %s', (_, create) => {
  test('load gives all frames, planar, with one view per channel', async () => {
    registerBackend(create())
    const audio = await load(file)
    expect(audio).toMatchObject({
      channels: 2,
      frames: 800,
      sampleRate: 800,
      durationSeconds: 1,
      startSeconds: 0,
    })
    expect(audio.data).toEqual(rampSamples(2, 0, 800))
    expect(audio.channelData.map((plane) => plane.buffer === audio.data.buffer)).toEqual([
      true,
      true,
    ])
    expect(audio.channelData[1]?.[3]).toBe(rampSample(1, 3))
  })

  test.each(ranges)('%o is frames %i to %i', async (range, start, end) => {
    registerBackend(create())
    const audio = await load(file, range)
    expect(audio.data).toEqual(rampSamples(2, start, end))
    expect(audio.startSeconds).toBe(start / 800)
    expect(audio.frames).toBe(end - start)
  })

  test.each(ranges)('%o mixed is the mean of the channels', async (range, start, end) => {
    registerBackend(create())
    const audio = await load(file, { ...range, mono: true })
    expect(audio.channels).toBe(1)
    expect(audio.data).toEqual(mean(2, 800).slice(start, end))
  })

  test.each(ranges)('%o resampled is a slice of the resampled whole', async (range, start, end) => {
    registerBackend(create())
    const whole = await load(file, { mono: true, sampleRate: 1000 })
    expect(whole.frames).toBe(1000)
    const audio = await load(file, { ...range, mono: true, sampleRate: 1000 })
    const [from, to] = [scaled(start, 800, 1000), scaled(end, 800, 1000)]
    expect(audio.data).toEqual(whole.data.slice(from, to))
    expect(audio.startSeconds).toBe(from / 1000)
  })

  test('mono is mixed before it is resampled', async () => {
    registerBackend(create())
    const mixed = mean(2, 800)
    const range = { startFrame: 0, endFrame: 800 }
    const expected = await resampleRange([mixed], 800, 500, range)
    const audio = await load(file, { mono: true, sampleRate: 500 })
    expect(audio.data).toEqual(expected)
  })

  test('the channels of a resampled file stay apart', async () => {
    registerBackend(create())
    const range = { startFrame: 0, endFrame: 800 }
    const planes = [0, 1].map((c) => Float32Array.from({ length: 800 }, (_, i) => rampSample(c, i)))
    const expected = await resampleRange(planes, 800, 1600, range)
    expect((await load(file, { sampleRate: 1600 })).data).toEqual(expected)
  })

  test.each([
    { offset: 1 },
    { offset: 5 },
    { duration: 0 },
    { offset: 0.5, duration: 0 },
    { offset: 2, duration: 2 },
  ])('%o is an empty result', async (range) => {
    registerBackend(create())
    const audio = await load(file, range)
    expect(audio).toMatchObject({ frames: 0, channels: 2, sampleRate: 800, durationSeconds: 0 })
    expect(audio.channelData.map((plane) => plane.length)).toEqual([0, 0])
  })

  test('a file without one frame is corrupt, whatever is asked of it', async () => {
    registerBackend(create())
    for (const range of [{}, { duration: 1 }]) {
      await expect(load(rampFile({ ...stereo, frames: 0 }), range)).rejects.toMatchObject({
        code: 'ERR_CORRUPT',
      })
    }
  })

  test.each(ranges)('the blocks of %o make up what load gives', async (range) => {
    registerBackend(create())
    for (const how of [{}, { mono: true, sampleRate: 600 }]) {
      const whole = await load(file, { ...range, ...how })
      const planes: number[][] = whole.channelData.map(() => [])
      let position = Math.round(whole.startSeconds * whole.sampleRate)
      for await (const block of stream(file, { ...range, ...how, blockSeconds: 0.03 })) {
        expect(block.startSeconds).toBe(position / block.sampleRate)
        expect(block.frames).toBeLessThanOrEqual(0.03 * block.sampleRate)
        expect(block.data.length).toBe(block.frames * block.channels)
        position += block.frames
        for (const [c, plane] of block.channelData.entries()) planes[c]?.push(...plane)
      }
      expect(planes.map((plane) => Float32Array.from(plane))).toEqual(whole.channelData)
    }
  })

  test('progress ends at the whole', async () => {
    registerBackend(create())
    const told: unknown[] = []
    const audio = await load(file, { offset: 0.5, onProgress: (progress) => told.push(progress) })
    expect(told.at(-1)).toEqual({ decodedSeconds: 0.5, totalSeconds: 0.5 })
    expect(audio.data).toEqual(rampSamples(2, 400, 800))
  })

  test('outputLength tells the length of the result', async () => {
    registerBackend(create())
    for (const [range] of ranges) {
      const options = { ...range, sampleRate: 4410 }
      expect((await load(file, options)).data.length).toBe(outputLength(rampInfo(stereo), options))
    }
  })

  test('options may be changed as soon as the call is made', async () => {
    registerBackend(create())
    const options: LoadOptions = { offset: 0.5 }
    const loading = load(file, options)
    options.offset = 0
    options.mono = true
    expect((await loading).data).toEqual(rampSamples(2, 400, 800))
  })

  test('input bytes may be changed and transferred as soon as the call is made', async () => {
    registerBackend(create())
    const mine = rampFile(stereo)
    const loading = load(mine)
    mine.fill(0)
    structuredClone(mine.buffer, { transfer: [mine.buffer] })
    expect((await loading).data).toEqual(rampSamples(2, 0, 800))
  })
})

test('a range is passed on in frames, with what the backend claims and nothing else', async () => {
  const requests: BackendRequest[] = []
  registerBackend(openingRamp({ requests }))
  await load(file, { offset: 0.25, duration: 0.5, mono: true })
  await load(file, { offset: 0.25, duration: 0.5, mono: true, sampleRate: 400 })
  expect(requests).toMatchObject([
    { startFrame: 200, endFrame: 600, mono: true },
    // Core resamples, and filters look beyond the edges of a range.
    { startFrame: 0, endFrame: null, mono: true },
  ])
  expect(requests.map((request) => 'sampleRate' in request)).toEqual([false, false])
})

test('a rate is passed on to a backend that resamples', async () => {
  const requests: BackendRequest[] = []
  const capabilities = { range: true, mono: true, resample: true, inputs: ['bytes'] as const }
  registerBackend(openingRamp({ requests, backend: { capabilities } }))
  // The test backend does not really resample, which core notices.
  await expect(load(file, { offset: 0.5, sampleRate: 400 })).rejects.toMatchObject({
    code: 'ERR_CORRUPT',
    message: expect.stringContaining('800 Hz instead of 400 Hz'),
  })
  await load(file, { sampleRate: 800 })
  expect(requests[0]).toMatchObject({ startFrame: 400, sampleRate: 400 })
  expect(requests[1]?.sampleRate).toBeUndefined()
})

test('a backend is closed after success and after failure', async () => {
  let closed = 0
  registerBackend(openingRamp({ closed: () => closed++ }))
  await load(file)
  await expect(load(file, { limits: { maxChannels: 1 } })).rejects.toThrow('maxChannels')
  expect(closed).toBe(2)
})

test('a result handed out is not touched by the next call', async () => {
  registerBackend(openingRamp())
  const first = await load(file)
  first.data.fill(9)
  expect((await load(file)).data).toEqual(rampSamples(2, 0, 800))
  expect(first.data.every((sample) => sample === 9)).toBe(true)
})

test('the report counts damage in the frames of the result', async () => {
  const damaged = [{ startFrame: 400, endFrame: 480, byteOffset: 77, reason: 'bad checksum' }]
  const decode: AudioBackend['decode'] = async (source) => ({
    ...readRamp(source),
    data: rampSamples(2, 0, 800),
    report: { damaged, truncated: true, expectedFrames: 900 },
  })
  registerBackend(plainRamp({ decode }))
  const told = async (options: LoadOptions): Promise<unknown> => (await load(file, options)).report
  expect(await told({})).toEqual({
    expectedFrames: 900,
    decodedFrames: 800,
    damaged,
    truncated: true,
    gapless: { source: 'none', startFrames: 0, endFrames: 0 },
    declined: [],
  })
  const at = (startFrame: number, endFrame: number): object => ({
    damaged: [{ ...damaged[0], startFrame, endFrame }],
  })
  expect(await told({ offset: 0.25 })).toMatchObject(at(200, 280))
  expect(await told({ offset: 0.55 })).toMatchObject(at(0, 40))
  expect(await told({ sampleRate: 1600, offset: 0.25 })).toMatchObject(at(400, 560))
  expect(await told({ offset: 0.7 })).toMatchObject({ damaged: [] })
  await expect(load(file, { onDamage: 'error' })).rejects.toMatchObject({
    code: 'ERR_CORRUPT',
    byteOffset: 77,
    message: expect.stringContaining('bad checksum'),
  })
})

test('a file with fewer frames than promised is reported as truncated', async () => {
  registerBackend(openingRamp({ info: { frames: 900 } }))
  const { frames, report } = await load(file)
  expect(frames).toBe(800)
  expect(report).toMatchObject({ truncated: true, expectedFrames: 900, decodedFrames: 800 })
})

test.each([
  ['more frames than asked for', { data: new Float32Array(4000), channels: 2 }],
  ['channels that were not announced', { data: new Float32Array(6), channels: 3 }],
  ['samples that are no whole frames', { data: new Float32Array(7), channels: 2 }],
  ['a rate that was not announced', { data: new Float32Array(8), channels: 2, sampleRate: 400 }],
  ['a rate of nothing', { data: new Float32Array(8), channels: 2, sampleRate: 0 }],
  ['no samples at all', { data: undefined as unknown as Float32Array, channels: 2 }],
])('%s from a backend is an error, not a wrong result', async (_, result) => {
  const backend = openingRamp({
    backend: {
      async open(source) {
        return {
          info: rampInfo(readRamp(source)),
          decode: async () => ({ sampleRate: 800, ...result }),
          close: async () => {},
        }
      },
    },
  })
  registerBackend(backend)
  await expect(load(file, { offset: 0.5, duration: 0.25 })).rejects.toMatchObject({
    code: 'ERR_CORRUPT',
    backend: 'opening',
  })
})

test('a backend is never asked for a block longer than the range', async () => {
  const lengths: number[] = []
  const backend = openingRamp()
  registerBackend({
    ...backend,
    async open(source, request) {
      const handle = await backend.open!(source, request)
      const blocks: typeof handle.blocks = (range) => {
        lengths.push(range.blockFrames)
        return handle.blocks!(range)
      }
      return { ...handle, blocks }
    },
  })
  let frames = 0
  for await (const block of stream(file, { blockSeconds: 1e9, offset: 0.5 })) frames += block.frames
  expect(frames).toBe(400)
  expect(lengths).toEqual([400])
})
