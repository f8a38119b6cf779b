import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { openingRamp, rampFile, rampSamples } from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import { load, loadBatch, registerBackend, registerCache } from './index.js'
import type { AudioCache, AudioData, BackendRequest, CacheKey, LoadOptions } from './index.js'

resetRegistry()

const ramp = { sampleRate: 800, channels: 2, frames: 800 }
const file = rampFile(ramp)
let folder: string
let requests: BackendRequest[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audiodecode-test-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  requests = []
  registerBackend(openingRamp({ requests }))
})

/** Remembers everything, by key. */
function memory(): AudioCache & { readonly keys: CacheKey[] } {
  const entries = new Map<string, Promise<AudioData>>()
  const keys: CacheKey[] = []
  return {
    keys,
    async load(key, decode) {
      keys.push(key)
      const name = JSON.stringify(key)
      const entry = entries.get(name) ?? decode(new AbortController().signal)
      entries.set(name, entry)
      return entry
    },
    stats: { hits: 0, misses: 0, joined: 0, evictions: 0, bytes: 0, entries: 0 },
    clear: () => entries.clear(),
    close: async () => {},
  }
}

test('the same bytes are decoded once, whoever holds them', async () => {
  const cache = memory()
  const first = await load(file, { cache })
  const second = await load(new Blob([file]), { cache })
  expect(second).toBe(first)
  expect(requests.length).toBe(1)
  expect(cache.keys[0]).toMatchObject({
    source: expect.stringMatching(/^sha256:[0-9a-f]{64}$/u),
    backend: 'opening',
    startFrame: 0,
    endFrame: null,
  })
})

test('what changes the samples changes the key, what does not does not', async () => {
  const cache = memory()
  const same: LoadOptions[] = [
    {},
    { threads: 2 },
    { onProgress: () => {} },
    { limits: { maxChannels: 8 } },
  ]
  const other: LoadOptions[] = [
    { mono: true },
    { sampleRate: 400 },
    { quality: 'fast' },
    { onDamage: 'error' },
    { track: 1 },
    { offset: 0.5 },
    { duration: 0.5 },
    { backend: ['opening', 'another'] },
  ]
  for (const options of [...same, ...other]) await load(file, { ...options, cache })
  const names = cache.keys.map((key) => JSON.stringify(key))
  expect(new Set(names.slice(0, same.length)).size).toBe(1)
  expect(new Set(names).size).toBe(1 + other.length)
})

test('ranges that mean the same frames are the same entry', async () => {
  const cache = memory()
  const byStart = await load(file, { cache, offset: 0.75, duration: 0.25 })
  const byEnd = await load(file, { cache, offset: -0.25, duration: 0.25 })
  expect(byEnd).toBe(byStart)
  expect(byStart.data).toEqual(rampSamples(2, 600, 800))
  expect(cache.keys[0]).toMatchObject({ startFrame: 600, endFrame: 800 })
})

test('a file that was written again is another entry', async () => {
  const cache = memory()
  const path = join(folder, 'song.ramp')
  await writeFile(path, file)
  // The test codec reads bytes.
  const first = await load(path, { cache })
  expect(await load(path, { cache })).toBe(first)
  await writeFile(path, rampFile({ ...ramp, frames: 400 }))
  await utimes(path, new Date(), new Date(Date.now() + 5000))
  expect((await load(path, { cache })).frames).toBe(400)
})

test('a registered cache serves load and loadBatch, unless it is bypassed', async () => {
  const cache = memory()
  registerCache(cache)
  await load(file)
  for await (const item of loadBatch([file])) expect(item.ok).toBe(true)
  expect(cache.keys.length).toBe(2)
  expect(requests.length).toBe(1)
  await load(file, { cache: false })
  expect(cache.keys.length).toBe(2)
  expect(requests.length).toBe(2)
})

test('`out` gets a copy, and the entry stays as it is', async () => {
  const cache = memory()
  const out = new Float32Array(1600)
  const mine = await load(file, { cache, out })
  expect(mine.data.buffer).toBe(out.buffer)
  out.fill(0)
  expect((await load(file, { cache })).data).toEqual(rampSamples(2, 0, 800))
  await expect(load(file, { cache, out: new Float32Array(3) })).rejects.toThrow(RangeError)
})

test('one caller’s abort leaves the decode to the others', async () => {
  const cache = memory()
  const controller = new AbortController()
  const first = load(file, { cache, signal: controller.signal })
  const second = load(file, { cache })
  controller.abort(new Error('enough'))
  await expect(first).rejects.toThrow('enough')
  expect((await second).frames).toBe(800)
})

test('an entry made under wider limits does not pass narrower ones', async () => {
  const cache = memory()
  await load(file, { cache })
  await expect(load(file, { cache, limits: { maxOutputBytes: 100 } })).rejects.toMatchObject({
    code: 'ERR_LIMIT_EXCEEDED',
  })
})
