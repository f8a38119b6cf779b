import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { readFile, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { registerBackend, unregisterBackend } from '@audiodecode/core'
import type { AudioCache, AudioData, CacheKey } from '@audiodecode/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { AudioCacheOptions } from '../src/cache-options.js'
import { createAudioCache } from '../src/create-audio-cache.js'
import { audio, expectSame, keyOf } from './made-up.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'audiodecode-cache-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

const open = (options: AudioCacheOptions = {}): AudioCache =>
  createAudioCache({ directory, ...options })

/** Stores something in a cache of its own, and waits until it is on disk. */
async function store(stored: AudioData, key: CacheKey = keyOf(), options?: AudioCacheOptions) {
  const cache = open(options)
  await cache.load(key, async () => stored)
  await cache.close()
}

const mustNotDecode = async (): Promise<AudioData> => {
  throw new Error('decoded')
}

/** Paths of the files that there are. */
function files(): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

describe('the folder', () => {
  test('holds raw planar floats behind a JSON header, for this user alone', async () => {
    await store(audio(1000))
    const [path] = files()
    const bytes = await readFile(path!)
    expect(bytes.subarray(0, 8).toString()).toBe('ADCACHE1')
    const header = JSON.parse(bytes.subarray(16, 16 + bytes.readUInt32LE(8)).toString())
    expect(header).toMatchObject({ channels: 2, frames: 1000, sampleRate: 1000, key: keyOf() })
    expect(bytes.readFloatLE(bytes.length - 4)).toBe(-999)
    expect(bytes.length % 64).toBe(8000 % 64)
    if (process.platform !== 'win32') expect(statSync(path!).mode & 0o077).toBe(0)
  })

  test('serves another process what this one decoded, all of it the same', async () => {
    const stored = audio(700_000, { declined: [{ backend: 'a', reason: 'b' }], expectedFrames: 5 })
    await store(stored)
    const other = open()
    expectSame(await other.load(keyOf(), mustNotDecode), stored)
    expect(other.stats).toMatchObject({ hits: 1, misses: 0, entries: 1 })
    expectSame(await other.load(keyOf(), mustNotDecode), stored)
    await other.close()
  })

  test('serves a range from a longer one, across the blocks of its checksums', async () => {
    const frames = 700_000
    await store(audio(frames))
    const other = open()
    for (const [startFrame, endFrame] of [
      [0, 10],
      [262_140, 262_150],
      [100_000, 650_000],
      [690_000, null],
    ] as const) {
      const part = await other.load(
        keyOf({ nativeRate: 1000, startFrame, endFrame }),
        mustNotDecode,
      )
      // Every sample tells its place.
      expect(part.frames).toBe((endFrame ?? frames) - startFrame)
      const [left, right] = part.channelData
      expect(left!.findIndex((sample, i) => sample !== startFrame + i)).toBe(-1)
      expect(right!.findIndex((sample, i) => sample !== -(startFrame + i))).toBe(-1)
      expect(part.startSeconds).toBe(startFrame / 1000)
      expect(part.report.decodedFrames).toBe((endFrame ?? frames) - startFrame)
    }
    await other.close()
  })

  test('serves several processes that write and read the same things at once', async () => {
    const caches = Array.from({ length: 4 }, () => open({ maxBytes: 0 }))
    const sources = ['a', 'b', 'c']
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        caches.map(async (cache) => {
          for (const [index, source] of sources.entries()) {
            const result = await cache.load(keyOf({ source }), async () => audio(5000 + index))
            expectSame(result, audio(5000 + index))
          }
        }),
      )
    }
    await Promise.all(caches.map(async (cache) => cache.close()))
    expect(files().length).toBe(3)
  })

  test('stays within its bound, and keeps what was used last', async () => {
    const bytes = audio(1000).data.byteLength
    const options = { maxBytes: 0, maxDiskBytes: bytes * 5 }
    for (let n = 0; n < 12; n++) {
      await store(audio(1000), keyOf({ source: `file ${n}` }), options)
      for (const path of files()) {
        const { atime, mtimeMs } = statSync(path)
        // As if a minute had passed.
        await utimes(path, atime, mtimeMs / 1000 - 60)
      }
      const first = open(options)
      await first.load(keyOf({ source: 'file 0' }), mustNotDecode)
      await first.close()
      const total = files().reduce((sum, path) => sum + statSync(path).size, 0)
      expect(total).toBeLessThanOrEqual(bytes * 5)
    }
    expect(files().length).toBeGreaterThan(2)
    const last = open(options)
    await last.load(keyOf({ source: 'file 11' }), mustNotDecode)
    await last.close()
  })

  test('takes no entry that is larger than allowed', async () => {
    await store(audio(1000), keyOf(), { maxEntryBytes: 7999 })
    expect(files()).toEqual([])
  })

  test('is emptied by clear()', async () => {
    await store(audio(10))
    const cache = open()
    await writeFile(join(directory, 'mine.txt'), 'not of the cache')
    cache.clear()
    const decode = vi.fn<() => Promise<AudioData>>(async () => audio(20))
    expect((await cache.load(keyOf(), decode)).frames).toBe(20)
    await cache.close()
    expect(decode).toHaveBeenCalledTimes(1)
    expect(files().length).toBe(2)
    expect((await open().load(keyOf(), mustNotDecode)).frames).toBe(20)
  })

  test('that cannot be used costs a warning, not a result', async () => {
    const heard = new Promise<Error>((resolve) => process.once('warning', resolve))
    await writeFile(join(directory, 'file'), '')
    const cache = createAudioCache({ directory: join(directory, 'file') })
    expect((await cache.load(keyOf(), async () => audio(10))).frames).toBe(10)
    await cache.close()
    expect((await heard).message).toMatch(/@audiodecode\/cache.*cannot be used/)
  })
})

describe('what a crash or a bad disk leaves behind is decoded again, and replaced', () => {
  const flip = async (path: string, at: number): Promise<void> => {
    const bytes = await readFile(path)
    const place = at < 0 ? bytes.length + at : at
    bytes[place] = bytes[place]! ^ 1
    await writeFile(path, bytes)
  }
  const damages: [string, (path: string) => Promise<void>][] = [
    ['an empty file', async (path) => truncate(path, 0)],
    ['half of the preamble', async (path) => truncate(path, 11)],
    ['half of the header', async (path) => truncate(path, 60)],
    ['half of the samples', async (path) => truncate(path, statSync(path).size - 4)],
    [
      'zeros instead of samples',
      async (path) => {
        const bytes = await readFile(path)
        await writeFile(path, bytes.fill(0, bytes.length - 5000))
      },
    ],
    ['a flipped bit in a sample', async (path) => flip(path, -2)],
    ['a flipped bit in the header', async (path) => flip(path, 30)],
    ['another kind of file', async (path) => flip(path, 0)],
    ['a header length beyond the file', async (path) => flip(path, 11)],
    ['something behind the samples', async (path) => truncate(path, statSync(path).size + 4)],
    [
      'a file for another key',
      async (path) => {
        const target = await readFile(path)
        await store(audio(3), keyOf({ source: 'another' }))
        const other = files().find((name) => name !== path)
        await writeFile(path, await readFile(other!))
        expect(target.length).toBeGreaterThan(0)
      },
    ],
  ]

  test.each(damages)('%s', async (_what, damage) => {
    await store(audio(1000))
    const [path] = files()
    await damage(path!)
    const decode = vi.fn<() => Promise<AudioData>>(async () => audio(1000))
    const cache = open()
    expectSame(await cache.load(keyOf(), decode), audio(1000))
    await cache.close()
    expect(decode).toHaveBeenCalledTimes(1)
    expectSame(await open().load(keyOf(), mustNotDecode), audio(1000))
  })

  test('a part whose own blocks are whole is served, one with a bad block is not', async () => {
    await store(audio(700_000))
    const [path] = files()
    await flip(path!, -2)
    const early = keyOf({ nativeRate: 1000, startFrame: 5, endFrame: 9 })
    // The last block holds the second channel's end.
    const late = keyOf({ nativeRate: 1000, startFrame: 699_000, endFrame: 699_010 })
    const cache = open()
    expect((await cache.load(early, mustNotDecode)).frames).toBe(4)
    expect((await cache.load(late, async () => audio(10))).data).toEqual(audio(10).data)
    await cache.close()
  })

  test('an unfinished file of long ago is removed, one of now is not', async () => {
    const options = { maxDiskBytes: 100_000 }
    await store(audio(100), keyOf(), options)
    const folder = join(files()[0]!, '..')
    const old = join(folder, 'old.tmp')
    await writeFile(old, 'x')
    await utimes(old, new Date(), new Date(Date.now() - 7_200_000))
    await writeFile(join(folder, 'now.tmp'), 'x')
    await store(audio(100), keyOf({ source: 'next' }), options)
    const names = files().filter((name) => name.endsWith('.tmp'))
    expect(names).toEqual([join(folder, 'now.tmp')])
  })
})

test('an entry of another version of the backend is decoded again', async () => {
  let version = '1.0'
  const register = (): void =>
    registerBackend({
      name: 'made-up',
      tier: 'standard',
      supports: () => true,
      decode: async () => Promise.reject(new Error('unused')),
      status: async () => ({ available: true, version, hint: null }),
    })
  register()
  await store(audio(10))
  expect((await open().load(keyOf(), mustNotDecode)).frames).toBe(10)
  version = '2.0'
  register()
  const cache = open()
  expect((await cache.load(keyOf(), async () => audio(20))).frames).toBe(20)
  await cache.close()
  expect((await open().load(keyOf(), mustNotDecode)).frames).toBe(20)
  unregisterBackend('made-up')
})

test('an abort of all ends the reading too', async () => {
  await store(audio(700_000))
  const leaving = new AbortController()
  const load = open().load(keyOf(), mustNotDecode, leaving.signal)
  leaving.abort(new Error('enough'))
  await expect(load).rejects.toThrow('enough')
})
