import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import '@audiodecode/backend-rust'
import { info, load } from '@audiodecode/core'
import type { LoadOptions } from '@audiodecode/core'
import { describe, expect, test } from 'vitest'

import { createAudioCache } from '../src/create-audio-cache.js'
import { audio, expectSame, keyOf } from './made-up.js'

const folder = fileURLToPath(new URL('../../backend-tests/samples/', import.meta.url))
const NOT_OURS = /\.(s24|json|wv|tta|ac3)$/
const samples = readdirSync(folder).filter((name) => !NOT_OURS.test(name))

/** Numbers from 0 to 1 that are the same in every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe('a stored longer range serves a shorter one, which is what decoding gives, report and all', () => {
  const conversions: LoadOptions[] = [
    {},
    { sampleRate: 16_000, mono: true },
    { sampleRate: 37_800, quality: 'fast' },
  ]
  test.each(samples)('%s', async (name) => {
    const path = folder + name
    const { durationSeconds, sampleRate } = await info(path, { scan: true })
    const seconds = durationSeconds ?? 0
    const draw = random(name.length)
    for (const options of conversions) {
      const cache = createAudioCache()
      const outer = { offset: seconds * 0.2, duration: seconds * 0.5 }
      await load(path, { ...options, ...outer, cache })
      await load(path, { ...options, cache })
      for (let round = 0; round < 6; round++) {
        const offset = draw() * seconds
        const range: LoadOptions = { offset }
        if (round % 3 !== 0) range.duration = draw() * (seconds - offset) + 1 / sampleRate
        if (round === 4) range.offset = -draw() * seconds
        const before = cache.stats
        const served = await load(path, { ...options, ...range, cache })
        const decoded = await load(path, { ...options, ...range, cache: false })
        expectSame(served, decoded)
        const isServed = cache.stats.hits === before.hits + 1
        expect(isServed || decoded.frames === 0).toBe(true)
      }
    }
  })

  test('a range serves the ranges within it, not those that reach beyond', async () => {
    const path = `${folder}stereo.flac`
    const cache = createAudioCache()
    await load(path, { offset: 0.01, duration: 0.05, cache })
    await load(path, { offset: 0.02, duration: 0.02, cache })
    expect(cache.stats).toMatchObject({ hits: 1, misses: 1 })
    await load(path, { offset: 0.02, duration: 0.06, cache })
    await load(path, { offset: 0.02, cache })
    expect(cache.stats.misses).toBe(3)
  })

  test('a longer one takes the place of those it holds', async () => {
    const path = `${folder}stereo.flac`
    const cache = createAudioCache()
    for (const offset of [0.01, 0.02, 0.03]) {
      await load(path, { offset, duration: 0.005, cache })
    }
    expect(cache.stats.entries).toBe(3)
    await load(path, { cache })
    expect(cache.stats).toMatchObject({ entries: 1, evictions: 0 })
  })

  test('with `shared`, a range of one channel is a view of what is stored', async () => {
    const path = `${folder}stereo.flac`
    const cache = createAudioCache({ shared: true })
    const whole = await load(path, { mono: true, cache })
    const part = await load(path, { mono: true, offset: 0.01, duration: 0.01, cache })
    expect(part.data.buffer).toBe(whole.data.buffer)
    const decoded = await load(path, { mono: true, offset: 0.01, duration: 0.01, cache: false })
    expectSame(part, decoded)
  })
})

describe('nothing is cut', () => {
  const range = keyOf({ nativeRate: 1000, startFrame: 10, endFrame: 20 })

  test.each([
    [
      'that is damaged, if only elsewhere',
      audio(100, {
        damaged: [{ startFrame: 50, endFrame: 60, byteOffset: null, reason: 'lost' }],
      }),
    ],
    ['that is truncated', audio(100, { truncated: true })],
    ['that ends before it', audio(5)],
  ])('from an entry %s', async (_what, stored) => {
    const cache = createAudioCache()
    await cache.load(keyOf(), async () => stored)
    const own = audio(10)
    const served = await cache.load(range, async () => own)
    expect(served.data).toEqual(own.data)
    expect(cache.stats.misses).toBe(2)
  })

  test.each([
    ['source', { source: 'file:9' }],
    ['backend', { backend: 'another' }],
    ['options', { options: '[1]' }],
  ])('from an entry of another %s', async (_what, other) => {
    const cache = createAudioCache()
    await cache.load(keyOf(other), async () => audio(100))
    await cache.load(range, async () => audio(10))
    expect(cache.stats.misses).toBe(2)
  })
})

test('rates as far apart as they may be are cut at the exact frame', async () => {
  // 2^24 Hz from 1 Hz less: frame 16,777,213 of the file is at 16,777,214.00000018, so that the next whole one is its first.
  const cache = createAudioCache()
  const stored = { ...audio(0), sampleRate: 2 ** 24, frames: 2 ** 24, channels: 1 }
  const data = new Float32Array(2 ** 24)
  data.set([1, 2, 3], 2 ** 24 - 3)
  await cache.load(keyOf(), async () => ({ ...stored, data, channelData: [data] }))
  const key = keyOf({ nativeRate: 2 ** 24 - 1, startFrame: 2 ** 24 - 3, endFrame: 2 ** 24 - 2 })
  const part = await cache.load(key, async () => audio(0))
  expect((BigInt(2 ** 24 - 3) * BigInt(2 ** 24)) % BigInt(2 ** 24 - 1)).toBe(2n ** 24n - 3n)
  expect(Array.from(part.data)).toEqual([2])
})
