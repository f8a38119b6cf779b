import { setTimeout as delay } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { openingRamp, plainRamp, rampFile, rampSamples } from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import { AudioDecoder, load, registerBackend } from './index.js'
import type { AudioBackend, BackendRequest } from './index.js'

resetRegistry()

const file = rampFile({ sampleRate: 800, channels: 2, frames: 800 })
const inPlace = { range: true, mono: true, out: true, inputs: ['bytes'] as const }

describe.each([
  ['a backend that only decodes', () => plainRamp()],
  ['a backend that opens', () => openingRamp()],
  ['a backend that writes in place', () => openingRamp({ backend: { capabilities: inPlace } })],
] as readonly (readonly [string, () => AudioBackend])[])('with %s', (_, create) => {
  test.each([
    ['an ArrayBuffer', () => new Float32Array(1700)],
    ['a SharedArrayBuffer', () => new Float32Array(new SharedArrayBuffer(4 * 1700))],
    ['a part of an ArrayBuffer', () => new Float32Array(2000).subarray(100, 1800)],
  ])('the samples come into `out` on %s, and what is behind them stays', async (_name, make) => {
    registerBackend(create())
    const out = make().fill(7)
    const audio = await load(file, { out })
    expect(audio.data.buffer).toBe(out.buffer)
    expect(audio.data.byteOffset).toBe(out.byteOffset)
    expect(audio.data.length).toBe(1600)
    expect(out.slice(0, 1600)).toEqual(rampSamples(2, 0, 800))
    expect(out.slice(1600)).toEqual(new Float32Array(100).fill(7))
  })

  test('`out` that just fits is enough, one sample less is a RangeError', async () => {
    registerBackend(create())
    const range = { offset: 0.5, mono: true }
    expect((await load(file, { ...range, out: new Float32Array(400) })).frames).toBe(400)
    await expect(load(file, { ...range, out: new Float32Array(399) })).rejects.toThrow(RangeError)
  })

  test('`out` of an empty range may be empty', async () => {
    registerBackend(create())
    expect((await load(file, { offset: 1, out: new Float32Array(0) })).frames).toBe(0)
  })

  test('a transfer of `out` during the call is a TypeError, not a crash', async () => {
    registerBackend(slow(create()))
    const out = new Float32Array(1600)
    const loading = load(file, { out })
    await delay(5)
    structuredClone(out.buffer, { transfer: [out.buffer] })
    await expect(loading).rejects.toThrow(/transferred/u)
    await expect(loading).rejects.toThrow(TypeError)
  })
})

function slow(backend: AudioBackend): AudioBackend {
  const { open } = backend
  return {
    ...backend,
    async decode(source, request) {
      await delay(30)
      return backend.decode(source, request)
    },
    ...(open === undefined
      ? {}
      : {
          async open(source, request) {
            await delay(30)
            return open.call(backend, source, request)
          },
        }),
  }
}

test('`out` too small for a file of known length is refused before decoding', async () => {
  const requests: BackendRequest[] = []
  registerBackend(openingRamp({ requests }))
  await expect(load(file, { out: new Float32Array(1599) })).rejects.toThrow(
    /1599 samples.*has 1600.*outputLength/u,
  )
  expect(requests).toEqual([])
})

test('only memory that cannot be taken away is passed on, and only to who claims `out`', async () => {
  const passed = async (
    backend: AudioBackend,
    out: Float32Array,
    options = {},
  ): Promise<boolean> => {
    registerBackend(backend)
    await load(file, { ...options, out })
    return requests.at(-1)?.out === out
  }
  const requests: BackendRequest[] = []
  const claims = openingRamp({ requests, backend: { capabilities: inPlace } })
  const shared = new Float32Array(new SharedArrayBuffer(4 * 1600))
  expect(await passed(claims, shared)).toBe(true)
  expect(await passed(claims, shared, { offset: 0.5, mono: true })).toBe(true)
  expect(await passed(claims, new Float32Array(1600))).toBe(false)
  expect(await passed(openingRamp({ requests }), shared)).toBe(false)
  // Core resamples here: the backend's result is not the final one.
  expect(await passed(claims, shared, { sampleRate: 400 })).toBe(false)
})

test('a long `out` is filled in short steps, and a transfer between them is noticed', async () => {
  const frames = 6_000_000
  const data = new Float32Array(frames).fill(0.5)
  const decode: AudioBackend['decode'] = async () => ({ data, channels: 1, sampleRate: 48_000 })
  registerBackend(plainRamp({ decode }))
  const whole = await load(file, { out: new Float32Array(frames) })
  expect(whole.data.every((sample) => sample === 0.5)).toBe(true)
  const out = new Float32Array(frames)
  const loading = load(file, { out })
  const transfer = (): void => {
    if (out[0] === 0) setImmediate(transfer)
    else structuredClone(out.buffer, { transfer: [out.buffer] })
  }
  transfer()
  await expect(loading).rejects.toThrow(/transferred/u)
})

test('a decoder writes into `out` too', async () => {
  registerBackend(plainRamp())
  await using decoder = await AudioDecoder.open(file)
  const out = new Float32Array(400)
  const audio = await decoder.decode({ offset: 0.75, out })
  expect(audio.data.buffer).toBe(out.buffer)
  expect(out).toEqual(rampSamples(2, 600, 800))
})
