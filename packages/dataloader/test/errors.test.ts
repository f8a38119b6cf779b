import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { isAudioDecodeError } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { makeWav } from '@audiodecode/test-support'
import { describe, expect, test } from 'vitest'

import { AudioDataLoader } from '../src/index.js'
import type { DataLoaderOptions, DataLoaderProgress } from '../src/index.js'
import { collect, makeRecordings } from './recordings.js'

const good = makeRecordings(24).map(({ path }) => path)
const folder = dirname(good[0]!)
const missing = join(folder, 'missing.wav')
const broken = join(folder, 'broken.flac')
writeFileSync(broken, 'fLaC, but nothing of it')
const common = { sampleRate: 8000, batchSize: 4 }

/** The good files with some at these places that are not. */
function withBad(places: Readonly<Record<number, string>>): string[] {
  return good.map((path, at) => places[at] ?? path)
}

async function failure(loader: AsyncIterable<unknown>): Promise<unknown> {
  return collect(loader).then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('a file that cannot be loaded', () => {
  test('ends the epoch where it is reached, and the state stays before its batch', async () => {
    const loader = new AudioDataLoader(withBad({ 9: missing }), common)
    let batches = 0
    const run = async (): Promise<void> => {
      for await (const _ of loader) batches++
    }
    await expect(run()).rejects.toMatchObject({ code: 'ERR_NOT_FOUND', input: missing })
    expect(batches).toBe(2)
    expect(loader.state().position).toBe(8)
  })

  test('is left out with onError skip, and noted', async () => {
    const items = withBad({ 1: missing, 6: broken })
    const loader = new AudioDataLoader(items, { ...common, onError: 'skip' })
    const batches = await collect(loader)
    expect(batches.map(({ indices }) => [...indices]).slice(0, 3)).toEqual([
      [0, 2, 3],
      [4, 5, 7],
      [8, 9, 10, 11],
    ])
    expect(batches[0]!.shape[0]).toBe(3)
    const { skipped } = loader.stats
    expect(skipped.map(({ index }) => index)).toEqual([1, 6])
    expect(skipped[0]!.error).toMatchObject({ code: 'ERR_NOT_FOUND', input: missing })
    expect(skipped.every(({ error }) => isAudioDecodeError(error))).toBe(true)
    // The next epoch counts anew.
    await collect(loader)
    expect(loader.stats.skipped).toHaveLength(2)
  })

  test('fails the same way whether or not its duration has to be asked for first', async () => {
    for (const extra of [
      { bucketByDuration: true },
      { maxBatchSeconds: 3 },
      { cropSeconds: 0.2 },
    ]) {
      const loader = new AudioDataLoader(withBad({ 3: missing }), {
        ...common,
        ...extra,
        onError: 'skip',
      })
      await collect(loader)
      expect(loader.stats.skipped).toMatchObject([{ index: 3, error: { code: 'ERR_NOT_FOUND' } }])
    }
  })

  test('is counted: above maxErrorRate the epoch ends with an error', async () => {
    const bad = Object.fromEntries([0, 5, 10, 15].map((at) => [at, missing]))
    const skip = { ...common, onError: 'skip' } as const
    const strict = new AudioDataLoader(withBad(bad), { ...skip, maxErrorRate: 0.1 })
    const error = await failure(strict)
    expect(error).toMatchObject({ code: 'ERR_NOT_FOUND', input: missing })
    // At the twentieth item, 4 of 20.
    expect((error as Error).message).toMatch(/^4 of 20 items .* maxErrorRate 0\.1\. .*item 0/)
    const lenient = new AudioDataLoader(withBad(bad), { ...skip, maxErrorRate: 0.2 })
    expect(await failure(lenient)).toBeUndefined()
  })

  test('is counted at the end of few items, too', async () => {
    const items = [good[0]!, missing, missing]
    const options = { ...common, onError: 'skip' } as const
    const error = await failure(new AudioDataLoader(items, options))
    expect((error as Error).message).toContain('2 of 3 items')
    expect(await failure(new AudioDataLoader(items, { ...options, maxErrorRate: 0.7 }))).toBe(
      undefined,
    )
  })

  test('all of them are an error, unless any share may fail', async () => {
    const items = Array.from({ length: 30 }, () => missing)
    const options = { ...common, onError: 'skip' } as const
    expect(await failure(new AudioDataLoader(items, options))).toMatchObject({
      code: 'ERR_NOT_FOUND',
    })
    const any = new AudioDataLoader(items, { ...options, maxErrorRate: 1 })
    expect(await collect(any)).toEqual([])
    expect(any.stats.skipped).toHaveLength(30)
    expect(any.state()).toMatchObject({ epoch: 1, position: 0 })
  })
})

test('a file with another number of channels than the others of its batch does not fit', async () => {
  const stereo = join(folder, 'stereo.wav')
  writeFileSync(stereo, makeWav({ frames: 3000, channels: 2, sampleRate: 8000 }))
  const items = withBad({ 2: stereo })
  const options = { ...common, mono: false }
  expect(await failure(new AudioDataLoader(items, options))).toMatchObject({
    code: 'ERR_UNSUPPORTED_FORMAT',
    message: expect.stringContaining('mono: true'),
  })
  const skipping = new AudioDataLoader(items, { ...options, onError: 'skip' })
  await collect(skipping)
  expect(skipping.stats.skipped.map(({ index }) => index)).toEqual([2])
})

test('a truncated file is decoded and named, or refused', async () => {
  const cut = join(folder, 'cut.wav')
  writeFileSync(cut, makeWav({ frames: 8000, channels: 1, sampleRate: 8000 }).subarray(0, 9_044))
  const items = withBad({ 5: cut })
  const loader = new AudioDataLoader(items, common)
  await collect(loader)
  expect(loader.stats.damaged).toEqual([5])
  const strict = new AudioDataLoader(items, { ...common, load: { onDamage: 'error' } })
  expect(await failure(strict)).toMatchObject({ code: 'ERR_CORRUPT', input: cut })
})

test('audio that is too short for a frame is a failed item, and options that never fit fail at once', async () => {
  const features = { kind: 'mel', nFft: 6000, center: false, nMels: 20 } as const
  const short = new AudioDataLoader(good, { ...common, features, onError: 'skip', maxErrorRate: 1 })
  await collect(short)
  expect(short.stats.skipped.length).toBeGreaterThan(3)
  expect(short.stats.skipped[0]!.error.message).toContain('too short')
  const high = { kind: 'mel', fMax: 5000 } as const
  const wrong = new AudioDataLoader(good, { ...common, features: high, onError: 'skip' })
  expect(await failure(wrong)).toBeInstanceOf(RangeError)
})

test('progress and seconds are told with each batch', async () => {
  const seen: DataLoaderProgress[] = []
  const loader = new AudioDataLoader(withBad({ 2: missing }), {
    ...common,
    batchSize: 10,
    onError: 'skip',
    onProgress: (progress) => seen.push(progress),
  })
  const batches = await collect(loader)
  expect(seen).toEqual([
    { batches: 1, items: 10, totalItems: 24 },
    { batches: 2, items: 20, totalItems: 24 },
    { batches: 3, items: 24, totalItems: 24 },
  ])
  const frames = batches.flatMap(({ lengths }) => [...lengths]).reduce((sum, one) => sum + one, 0)
  expect(loader.stats.decodedSeconds).toBeCloseTo(frames / 8000, 9)
  expect(loader.stats.waitedMs).toBeGreaterThan(0)
})

describe('wrong arguments', () => {
  const make =
    (options: unknown, items: unknown = good) =>
    (): unknown =>
      new AudioDataLoader(items as string[], options as DataLoaderOptions)

  test.each([
    [undefined, TypeError],
    [{}, TypeError],
    [{ sampleRate: 0 }, RangeError],
    [{ sampleRate: '8000' }, TypeError],
    [{ sampleRate: 8000, batchSize: 0 }, RangeError],
    [{ sampleRate: 8000, batchSize: 2.5 }, RangeError],
    [{ sampleRate: 8000, maxBatchSeconds: -1 }, RangeError],
    [{ sampleRate: 8000, shuffle: 'yes' }, TypeError],
    [{ sampleRate: 8000, seed: 0.5 }, RangeError],
    [{ sampleRate: 8000, rank: 2, worldSize: 2 }, RangeError],
    [{ sampleRate: 8000, rank: 1 }, RangeError],
    [{ sampleRate: 8000, cropSeconds: 0.00001 }, RangeError],
    [{ sampleRate: 8000, features: { kind: 'chroma' } }, RangeError],
    [{ sampleRate: 8000, prefetchBytes: 0 }, RangeError],
    [{ sampleRate: 8000, transform: './transform.js' }, TypeError],
    [{ sampleRate: 8000, plugins: ['@audiodecode/backend-rust'] }, TypeError],
    [{ sampleRate: 8000, onError: 'ignore' }, RangeError],
    [{ sampleRate: 8000, maxErrorRate: 2 }, RangeError],
    [{ sampleRate: 8000, onProgress: 1 }, TypeError],
    [{ sampleRate: 8000, signal: {} }, TypeError],
    [{ sampleRate: 8000, load: { quality: 'good' } }, TypeError],
    [{ sampleRate: 8000, load: 'fast' }, TypeError],
  ])('%j', (options, type) => {
    expect(make(options)).toThrow(type)
  })

  test.each([
    [null, TypeError],
    ['a.wav', TypeError],
    [['a.wav', 5], TypeError],
    [['a.wav', ''], TypeError],
    [[{ file: 'a.wav' }], TypeError],
    [[{ path: 'a.wav', durationSeconds: '5' }], RangeError],
    [[{ path: 'a.wav', durationSeconds: Number.NaN }], RangeError],
  ])('items %j', (items, type) => {
    expect(make({ sampleRate: 8000 }, items)).toThrow(type)
  })
})
