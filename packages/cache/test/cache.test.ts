import { setTimeout as sleep } from 'node:timers/promises'

import type { AudioData } from '@audiodecode/core'
import { describe, expect, test, vi } from 'vitest'

import { createAudioCache } from '../src/create-audio-cache.js'
import { audio, expectSame, keyOf } from './made-up.js'

type Decode = (signal: AbortSignal) => Promise<AudioData>

const soon = (result: AudioData) =>
  vi.fn<Decode>(async (signal) => {
    await sleep(5, undefined, { signal })
    return result
  })

describe('one decode for many', () => {
  test('equal loads at the same time decode once, and each gets samples of its own', async () => {
    const cache = createAudioCache()
    const decode = soon(audio(100))
    const results = await Promise.all(
      Array.from({ length: 8 }, async () => cache.load(keyOf(), decode)),
    )
    expect(decode).toHaveBeenCalledTimes(1)
    expect(new Set(results.map(({ data }) => data.buffer)).size).toBe(8)
    for (const result of results) expectSame(result, audio(100))
    expect(cache.stats).toMatchObject({ hits: 0, misses: 1, joined: 7, entries: 1 })
  })

  test('an abort rejects its own load alone', async () => {
    const cache = createAudioCache()
    const decode = soon(audio(100))
    const leaving = new AbortController()
    const first = cache.load(keyOf(), decode, leaving.signal)
    const second = cache.load(keyOf(), decode)
    leaving.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    expect((await second).frames).toBe(100)
    expect(decode.mock.calls[0]?.[0].aborted).toBe(false)
  })

  test('when all have left, the decode is ended, and who comes later begins anew', async () => {
    const cache = createAudioCache()
    const ended = soon(audio(100))
    const leaving = new AbortController()
    const left = [0, 1].map(async () => cache.load(keyOf(), ended, leaving.signal))
    leaving.abort(new Error('enough'))
    for (const load of left) await expect(load).rejects.toThrow('enough')
    expect(ended.mock.calls[0]?.[0].aborted).toBe(true)
    const decode = soon(audio(100))
    const late = await Promise.all([0, 1].map(async () => cache.load(keyOf(), decode)))
    expect(late.map(({ frames }) => frames)).toEqual([100, 100])
    // The end of the first decode did not make the second one forgotten, so that it was shared.
    expect(decode).toHaveBeenCalledTimes(1)
    expect(cache.stats).toMatchObject({ misses: 2, entries: 1 })
  })

  test('a load whose signal has fired already decodes nothing', async () => {
    const cache = createAudioCache()
    const decode = soon(audio(100))
    const signal = AbortSignal.abort(new Error('before'))
    await expect(cache.load(keyOf(), decode, signal)).rejects.toThrow('before')
    expect(decode).not.toHaveBeenCalled()
  })

  test('a failure reaches all who wait, and is not stored', async () => {
    const cache = createAudioCache()
    const fail = vi.fn<Decode>(async () => {
      await sleep(1)
      throw new Error('broken')
    })
    const loads = [0, 1].map(async () => cache.load(keyOf(), fail))
    for (const load of loads) await expect(load).rejects.toThrow('broken')
    expect(fail).toHaveBeenCalledTimes(1)
    expect((await cache.load(keyOf(), soon(audio(3)))).frames).toBe(3)
  })
})

describe('a hit', () => {
  test('is a copy: writing to it, to its report, or transferring it spoils nothing', async () => {
    const cache = createAudioCache()
    const decode = soon(audio(5000, { declined: [{ backend: 'other', reason: 'does not' }] }))
    const expected = audio(5000, { declined: [{ backend: 'other', reason: 'does not' }] })
    const first = await cache.load(keyOf(), decode)
    first.data.fill(7)
    Object.assign(first.report.declined[0] ?? {}, { reason: 'spoiled' })
    const second = await cache.load(keyOf(), decode)
    expectSame(second, expected)
    structuredClone(second.data.buffer, { transfer: [second.data.buffer as ArrayBuffer] })
    expect(second.data.length).toBe(0)
    expectSame(await cache.load(keyOf(), decode), expected)
    expect(decode).toHaveBeenCalledTimes(1)
    expect(cache.stats.hits).toBe(2)
  })

  test('of a large entry leaves the event loop free', async () => {
    const cache = createAudioCache()
    const large = audio(8 << 20)
    await cache.load(keyOf(), async () => large)
    let turns = 0
    const turn = setInterval(() => turns++, 0)
    const hit = await cache.load(keyOf(), async () => large)
    clearInterval(turn)
    expect(turns).toBeGreaterThan(0)
    expect(hit.data.at(-1)).toBe(1 - (8 << 20))
  })

  test('is the stored object itself with `shared`', async () => {
    const cache = createAudioCache({ shared: true })
    const result = audio(100)
    expect(await cache.load(keyOf(), async () => result)).toBe(result)
    expect(await cache.load(keyOf(), async () => audio(1))).toBe(result)
  })

  test('with `shared` on what was transferred in spite of all is decoded again', async () => {
    const cache = createAudioCache({ shared: true })
    const { data } = await cache.load(keyOf(), async () => audio(100))
    structuredClone(data.buffer, { transfer: [data.buffer as ArrayBuffer] })
    expect((await cache.load(keyOf(), async () => audio(100))).data.length).toBe(200)
  })
})

describe('the bound', () => {
  const kib = (n: number) => audio(n * 128)

  test('is kept by dropping what was used longest ago', async () => {
    const cache = createAudioCache({ maxBytes: 64 * 1024, maxEntryBytes: 32 * 1024 })
    const load = async (source: string) => cache.load(keyOf({ source }), async () => kib(20))
    await load('a')
    await load('b')
    await load('a')
    expect(cache.stats.hits).toBe(1)
    await load('c')
    expect(cache.stats).toMatchObject({ evictions: 1, entries: 2 })
    expect(cache.stats.bytes).toBeLessThanOrEqual(64 * 1024)
    await load('a')
    expect(cache.stats.hits).toBe(2)
    await load('b')
    expect(cache.stats.misses).toBe(4)
  })

  test('of an entry keeps what is larger out, and gives it to its only caller uncopied', async () => {
    const cache = createAudioCache({ maxBytes: 64 * 1024, maxEntryBytes: 16 * 1024 })
    const large = kib(20)
    expect(await cache.load(keyOf(), async () => large)).toBe(large)
    const both = await Promise.all([0, 1].map(async () => cache.load(keyOf(), async () => large)))
    expect(both[0]?.data.buffer).not.toBe(both[1]?.data.buffer)
    expect(cache.stats).toMatchObject({ entries: 0, bytes: 0, evictions: 0 })
  })

  test('counts all of the memory that an entry keeps alive', async () => {
    const cache = createAudioCache({ maxBytes: 64 * 1024 })
    const view = { ...audio(10), data: new Float32Array(10_000).subarray(0, 20) }
    await cache.load(keyOf(), async () => view)
    expect(cache.stats.entries).toBe(0)
  })

  test('of 0 keeps nothing in memory', async () => {
    const cache = createAudioCache({ maxBytes: 0 })
    await cache.load(keyOf(), async () => audio(1))
    expect(cache.stats).toMatchObject({ entries: 0, bytes: 0 })
  })
})

describe('forgetting', () => {
  test('clear() drops all entries, and what is being decoded is not stored', async () => {
    const cache = createAudioCache()
    await cache.load(keyOf(), async () => audio(10))
    const under = cache.load(keyOf({ source: 'other' }), soon(audio(10)))
    cache.clear()
    expect(cache.stats).toMatchObject({ entries: 0, bytes: 0 })
    const other = cache.load(keyOf({ source: 'other' }), soon(audio(20)))
    expect((await under).frames).toBe(10)
    expect(cache.stats.entries).toBe(0)
    // Who asks after it does not get what was begun before.
    expect((await other).frames).toBe(20)
    expect(cache.stats.entries).toBe(1)
  })

  test('a closed cache decodes every time', async () => {
    const cache = createAudioCache()
    await cache.load(keyOf(), async () => audio(10))
    await cache.close()
    const decode = soon(audio(10))
    await cache.load(keyOf(), decode)
    await cache.load(keyOf(), decode)
    expect(decode).toHaveBeenCalledTimes(2)
    expect(cache.stats.entries).toBe(0)
  })
})

test('bad options are refused', () => {
  for (const options of [
    { maxBytes: -1 },
    { maxBytes: 1.5 },
    { maxEntryBytes: Number.NaN },
    { directory: '/tmp', maxDiskBytes: Infinity },
  ]) {
    expect(() => createAudioCache(options)).toThrow(RangeError)
  }
  for (const options of [
    null,
    { maxBytes: '1' },
    { shared: 1 },
    { directory: '' },
    { maxDiskBytes: 5 },
  ]) {
    expect(() => createAudioCache(options as never)).toThrow(TypeError)
  }
})
