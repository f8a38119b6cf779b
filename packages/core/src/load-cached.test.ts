import { renameSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { openingRamp, plainRamp, rampFile, rampSamples } from '../test/ramp-codec.js'
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
    backend: expect.stringMatching(/^opening(#\d+)?$/u),
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

/** Writes a file and waits until its time of change lies behind the clock's tick. */
async function writeSettled(name: string, content: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  await sleep(30)
  return path
}

test('a file that was written again is another entry', async () => {
  const cache = memory()
  const path = await writeSettled('again.ramp', file)
  const first = await load(path, { cache })
  expect(await load(path, { cache })).toBe(first)
  await writeSettled('again.ramp', rampFile({ ...ramp, frames: 400 }))
  expect((await load(path, { cache })).frames).toBe(400)
})

test('a file that was overwritten with as many bytes and given its old time is another entry', async () => {
  const cache = memory()
  const path = await writeSettled('old-time.ramp', file)
  const { atime, mtime } = await stat(path)
  await utimes(path, atime, mtime)
  await sleep(30)
  await load(path, { cache })
  await writeFile(path, rampFile({ ...ramp, frames: 400 }))
  await utimes(path, atime, mtime)
  await sleep(30)
  expect((await load(path, { cache })).frames).toBe(400)
  expect(cache.keys.length).toBe(2)
})

test('a file that was written a moment ago is decoded past the cache: a change could go unseen', async () => {
  const cache = memory()
  const path = join(folder, 'fresh.ramp')
  let loads = 0
  // A slow machine may need more than a moment now and then.
  while (cache.keys.length === loads && loads < 500) {
    loads++
    await writeFile(path, rampFile({ ...ramp, frames: loads }))
    expect((await load(path, { cache })).frames).toBe(loads)
  }
  expect(cache.keys.length).toBe(loads - 1)
  await sleep(30)
  await load(path, { cache })
  expect(cache.keys.length).toBeGreaterThan(0)
})

test('what is decoded while the file changes is given, but not stored', async () => {
  const cache = memory()
  const path = await writeSettled('changing.ramp', file)
  const changed = rampFile({ ...ramp, frames: 400 })
  registerBackend(
    openingRamp({
      requests,
      closed: () => renameOver(path, changed),
    }),
  )
  const both = await Promise.all([load(path, { cache }), load(path, { cache })])
  // One decodes and the other waits for it; which is which depends on whose look at the file comes back first.
  expect(both.map(({ frames }) => frames).toSorted((a, b) => a - b)).toEqual([400, 800])
  await sleep(30)
  registerBackend(openingRamp({ requests }))
  expect((await load(path, { cache })).frames).toBe(400)
})

test('a range of a file that changes while its rate is looked up has the rate of what is decoded', async () => {
  const cache = memory()
  const path = await writeSettled('changing-rate.ramp', file)
  const changed = rampFile({ sampleRate: 400, channels: 1, frames: 4000 })
  registerBackend(openingRamp({ requests, closed: () => renameOver(path, changed) }))
  const range = await load(path, { cache, offset: 1, duration: 2 })
  expect([range.frames, range.sampleRate]).toEqual([800, 400])
  expect(cache.keys).toEqual([])
})

function renameOver(path: string, content: Uint8Array): void {
  writeFileSync(`${path}.new`, content)
  renameSync(`${path}.new`, path)
}

test('a hit on a file, or on a range of it, does not open it', async () => {
  const opened: string[] = []
  registerBackend(openingRamp({ backend: { supports: () => opened.push('asked') > 0 } }))
  const cache = memory()
  const path = await writeSettled('unopened.ramp', file)
  await load(path, { cache })
  await load(path, { cache, offset: 0.5 })
  const before = opened.length
  await load(path, { cache })
  await load(pathToFileURL(path), { cache, offset: 0.5 })
  expect(opened.length).toBe(before)
})

test('what is no such file gets the error that it gets without a cache', async () => {
  const cache = memory()
  for (const [input, code] of [
    [join(folder, 'absent.ramp'), 'ERR_NOT_FOUND'],
    [folder, 'ERR_IO'],
    [await writeSettled('empty.ramp', new Uint8Array(0)), 'ERR_CORRUPT'],
  ] as const) {
    await expect(load(input, { cache })).rejects.toMatchObject({ code, input })
  }
  const path = await writeSettled('large.ramp', file)
  await load(path, { cache })
  await expect(load(path, { cache, limits: { maxInputBytes: 3 } })).rejects.toMatchObject({
    code: 'ERR_LIMIT_EXCEEDED',
  })
  await expect(load('', { cache })).rejects.toThrow(TypeError)
  await expect(load(new URL('ftp://host/a'), { cache })).rejects.toThrow(TypeError)
})

test('someone’s narrower limits do not fail another who waits for the same decode', async () => {
  const cache = memory()
  const narrow = load(file, { cache, limits: { maxOutputBytes: 100 } })
  const wide = load(file, { cache })
  await expect(narrow).rejects.toMatchObject({ code: 'ERR_LIMIT_EXCEEDED' })
  expect((await wide).frames).toBe(800)
})

test('a backend that takes the place of another of its name has entries of its own', async () => {
  const cache = memory()
  await load(file, { cache })
  registerBackend(plainRamp({ name: 'opening' }))
  await load(file, { cache })
  const [first, second] = cache.keys
  expect(second?.backend).not.toBe(first?.backend)
})

test('who waits for a decode or hits hears that all is done', async () => {
  const cache = memory()
  await load(file, { cache })
  const heard: unknown[] = []
  await load(file, { cache, onProgress: (progress) => heard.push(progress) })
  expect(heard).toEqual([{ decodedSeconds: 1, totalSeconds: 1 }])
})

test('the key of a range has the rate at which its frames count, that of a whole file has none', async () => {
  const cache = memory()
  await load(file, { cache, sampleRate: 400 })
  await load(file, { cache, sampleRate: 400, offset: 0.5 })
  expect(cache.keys).toMatchObject([
    { nativeRate: null, startFrame: 0, endFrame: null },
    { nativeRate: 800, startFrame: 400, endFrame: null },
  ])
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
