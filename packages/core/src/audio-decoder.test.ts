import { expect, test } from 'vitest'

import {
  concatenate,
  openingRamp,
  plainRamp,
  rampFile,
  rampInfo,
  rampSamples,
  readRamp,
} from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import { AudioDecodeError, AudioDecoder, registerBackend } from './index.js'
import type { AudioBackend, BackendRequest } from './index.js'

resetRegistry()

const file = rampFile({ sampleRate: 800, channels: 2, frames: 800 })
const closed = { code: 'ERR_CLOSED', message: expect.stringContaining('AudioDecoder.open') }

test.each([
  ['a backend that only decodes', () => plainRamp()],
  ['a backend with info', () => plainRamp({ info: async (source) => rampInfo(readRamp(source)) })],
  ['a backend that opens', () => openingRamp()],
] as readonly (readonly [string, () => AudioBackend])[])(
  'with %s, many reads may overlap and each gets memory of its own',
  async (_, create) => {
    let decodes = 0
    const backend = create()
    registerBackend({
      ...backend,
      async decode(source, request) {
        decodes++
        return backend.decode(source, request)
      },
    })
    const decoder = await AudioDecoder.open(file)
    expect(decoder.info).toMatchObject({
      sampleRate: 800,
      channels: 2,
      frames: 800,
      framesExact: true,
    })
    const starts = [0, 200, 400, 600, 0, 796]
    const reads = await Promise.all(
      starts.map(async (start) => decoder.decode({ offset: start / 800, duration: 0.25 })),
    )
    for (const [i, { data, startSeconds }] of reads.entries()) {
      const start = starts[i]!
      expect(data).toEqual(rampSamples(2, start, Math.min(start + 200, 800)))
      expect(startSeconds).toBe(start / 800)
      data.fill(5)
    }
    const whole = await decoder.decode()
    expect(whole.data).toEqual(rampSamples(2, 0, 800))
    whole.data.fill(5)
    expect((await decoder.decode({ offset: -0.5 })).data).toEqual(rampSamples(2, 400, 800))
    const blocks = []
    for await (const block of decoder.stream({ offset: 0.1, blockSeconds: 0.3 })) blocks.push(block)
    expect(blocks.map(({ startSeconds }) => startSeconds)).toEqual([0.1, 0.4, 0.7])
    expect(concatenate(blocks)).toEqual(rampSamples(2, 80, 800))
    await decoder.close()
    // Decoded once and kept, or never, where the backend opens.
    expect(decodes).toBe(backend.open === undefined ? 1 : 0)
  },
)

test('options of open hold for every read', async () => {
  registerBackend(plainRamp())
  await using decoder = await AudioDecoder.open(file, { mono: true, sampleRate: 1600 })
  expect(await decoder.decode({ duration: 0.5 })).toMatchObject({
    channels: 1,
    frames: 800,
    sampleRate: 1600,
  })
  expect(decoder.info).toMatchObject({ channels: 2, sampleRate: 800 })
})

test('frames that were estimated are counted once for offsets from the end', async () => {
  const requests: BackendRequest[] = []
  registerBackend(openingRamp({ requests, info: { frames: 700, framesExact: false } }))
  await using decoder = await AudioDecoder.open(file)
  for (let i = 0; i < 2; i++) {
    expect((await decoder.decode({ offset: -0.25 })).data).toEqual(rampSamples(2, 600, 800))
  }
  const counted = requests.filter(({ startFrame }) => startFrame === 0)
  expect(counted.length).toBe(1)
})

test('close aborts reads that are under way, then closes the file once', async () => {
  let closes = 0
  const backend = openingRamp({ closed: () => closes++ })
  const aborted: unknown[] = []
  registerBackend({
    ...backend,
    async open(source, request) {
      const handle = await backend.open!(source, request)
      return {
        ...handle,
        decode: async ({ signal }: BackendRequest) =>
          new Promise((_, reject) => {
            signal?.addEventListener('abort', () => {
              aborted.push(signal.reason)
              reject(new Error('stopped'))
            })
          }),
      }
    },
  })
  const decoder = await AudioDecoder.open(file)
  const reads = [decoder.decode(), decoder.decode({ offset: 0.5 })]
  const settled = Promise.allSettled(reads)
  await new Promise(setImmediate)
  await Promise.all([decoder.close(), decoder.close()])
  expect(closes).toBe(1)
  for (const result of await settled) {
    expect(result).toMatchObject({ status: 'rejected', reason: closed })
  }
  expect(aborted).toMatchObject([closed, closed])
})

test('after close every use is ERR_CLOSED, and closing again is fine', async () => {
  registerBackend(openingRamp())
  const decoder = await AudioDecoder.open(file)
  const blocks = decoder.stream({ blockSeconds: 0.1 })[Symbol.asyncIterator]()
  await blocks.next()
  await decoder.close()
  await decoder[Symbol.asyncDispose]()
  await expect(decoder.decode()).rejects.toMatchObject(closed)
  await expect(blocks.next()).rejects.toMatchObject(closed)
  expect(() => decoder.stream()).toThrow(AudioDecodeError)
})

test('one read’s abort leaves the others alone', async () => {
  registerBackend(plainRamp())
  await using decoder = await AudioDecoder.open(file)
  const reason = new Error('enough')
  const [first, second] = await Promise.allSettled([
    decoder.decode({ signal: AbortSignal.abort(reason) }),
    decoder.decode(),
  ])
  expect(first).toEqual({ status: 'rejected', reason })
  expect(second.status).toBe('fulfilled')
})

test('bad ranges are refused', async () => {
  registerBackend(plainRamp())
  await using decoder = await AudioDecoder.open(file)
  await expect(decoder.decode({ offset: Number.NaN })).rejects.toThrow(RangeError)
  await expect(decoder.decode({ duration: -1 })).rejects.toThrow(RangeError)
  expect(() => decoder.stream({ blockSeconds: -1 })).toThrow(RangeError)
})

test('close lets a backend that writes into `out` finish before it closes the file', async () => {
  const events: string[] = []
  const backend = openingRamp({ closed: () => events.push('closed') })
  registerBackend({
    ...backend,
    capabilities: { range: true, mono: true, out: true, inputs: ['bytes'] },
    async open(source, request) {
      const handle = await backend.open!(source, request)
      return {
        ...handle,
        async decode({ signal }: BackendRequest) {
          await new Promise((resolve) => signal?.addEventListener('abort', resolve))
          await new Promise((resolve) => setTimeout(resolve, 20))
          events.push('let go')
          throw new Error('stopped')
        },
      }
    },
  })
  const decoder = await AudioDecoder.open(file)
  const reading = decoder.decode()
  reading.catch(() => {})
  await new Promise(setImmediate)
  await decoder.close()
  expect(events).toEqual(['let go', 'closed'])
  await expect(reading).rejects.toMatchObject(closed)
})
