import { configure } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'

import { AudioDataLoader } from '../src/index.js'
import type { AudioBatch, DataLoaderOptions, DataLoaderState } from '../src/index.js'
import { collect, digest, makeRecordings } from './recordings.js'

const recordings = makeRecordings(31)
const common = { sampleRate: 8000, batchSize: 3, shuffle: true, seed: 11, cropSeconds: 0.3 }

afterEach(() => configure({ threads: 2 }))

/** Takes some batches and leaves the loop; where it stood then, as JSON. */
async function take(
  loader: AudioDataLoader<(typeof recordings)[number]>,
  count: number,
): Promise<{ batches: string[]; state: DataLoaderState; json: string }> {
  const batches: string[] = []
  let state = loader.state()
  if (count > 0) {
    for await (const batch of loader) {
      batches.push(digest(batch))
      state = loader.state()
      if (batches.length === count) break
    }
  }
  const json = JSON.stringify(state)
  return { batches, state: JSON.parse(json) as DataLoaderState, json }
}

test('from a state the next batch comes, wherever and with whatever threads and memory it was taken', async () => {
  const whole = (await collect(new AudioDataLoader(recordings, common))).map(digest)
  const cut = fc.integer({ min: 0, max: whole.length })
  const threads = fc.integer({ min: 1, max: 5 })
  const prefetch = fc.constantFrom(1, 50_000, 2 ** 28)
  await fc.assert(
    fc.asyncProperty(cut, threads, prefetch, async (count, threads, prefetchBytes) => {
      configure({ threads })
      const before = await take(
        new AudioDataLoader(recordings, { ...common, prefetchBytes }),
        count,
      )
      configure({ threads: 6 - threads })
      const loader = new AudioDataLoader(recordings, { ...common, seed: 99 })
      loader.resume(before.state)
      const rest = (await collect(loader)).map(digest)
      expect([...before.batches, ...rest]).toEqual(whole)
      expect(Buffer.byteLength(before.json)).toBeLessThan(300)
    }),
    { numRuns: 15 },
  )
})

test('another number of ranks gets exactly the rest', async () => {
  const options = { ...common, bucketByDuration: true }
  const whole = (await collect(new AudioDataLoader(recordings, options))).map(digest)
  const [first] = await Promise.all(
    [0, 1].map(async (rank) =>
      take(new AudioDataLoader(recordings, { ...options, rank, worldSize: 2 }), 2),
    ),
  )
  const rest: string[][] = []
  for (let rank = 0; rank < 3; rank++) {
    const loader = new AudioDataLoader(recordings, { ...options, rank, worldSize: 3 })
    loader.resume(first!.state)
    rest.push((await collect(loader)).map(digest))
  }
  const merged = rest[0]!.flatMap((_, round) => rest.map((batches) => batches[round]))
  expect(merged.filter((batch) => batch !== undefined)).toEqual(whole.slice(4))
})

test('the state counts what was taken, not what is loaded ahead', async () => {
  const loader = new AudioDataLoader(recordings, common)
  const positions: number[] = [loader.state().position]
  for await (const _ of loader) {
    await new Promise((resolve) => setTimeout(resolve, 3))
    positions.push(loader.state().position)
  }
  expect(positions).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 31])
  expect(loader.state()).toMatchObject({ epoch: 1, position: 0, seed: 11 })
})

test('each iteration is the next epoch, and an epoch can be chosen', async () => {
  const loader = new AudioDataLoader(recordings, common)
  const first = (await collect(loader)).map(digest)
  const second = (await collect(loader)).map(digest)
  expect(second).not.toEqual(first)
  loader.setEpoch(0)
  expect((await collect(loader)).map(digest)).toEqual(first)
  expect((await collect(loader)).map(digest)).toEqual(second)
  const other = new AudioDataLoader(recordings, common)
  other.setEpoch(1)
  expect((await collect(other)).map(digest)).toEqual(second)
})

test('leaving a loop ends the epoch, and a state that was taken there goes on with it', async () => {
  const whole = (await collect(new AudioDataLoader(recordings, common))).map(digest)
  const loader = new AudioDataLoader(recordings, common)
  const { state } = await take(loader, 2)
  expect(loader.state()).toEqual(state)
  await collect(loader)
  expect(loader.state()).toMatchObject({ epoch: 2, position: 0 })
  loader.resume(state)
  expect((await collect(loader)).map(digest)).toEqual(whole.slice(2))
})

test('after the last batch a state gives the end of the epoch, and then the next one', async () => {
  const { state } = await take(new AudioDataLoader(recordings, common), 11)
  const loader = new AudioDataLoader(recordings, common)
  loader.resume(state)
  expect(await collect(loader)).toEqual([])
  const reference = new AudioDataLoader(recordings, common)
  reference.setEpoch(1)
  expect((await collect(loader)).map(digest)).toEqual((await collect(reference)).map(digest))
})

test('another batch size goes on with the items that are left', async () => {
  const { state } = await take(new AudioDataLoader(recordings, common), 4)
  const loader = new AudioDataLoader(recordings, { ...common, batchSize: 7 })
  loader.resume(state)
  const order = (batches: readonly AudioBatch<unknown>[]): number[] =>
    batches.flatMap(({ indices }) => [...indices])
  const rest = order(await collect(loader))
  expect(rest).toEqual(order(await collect(new AudioDataLoader(recordings, common))).slice(12))
})

describe('a state is refused', () => {
  const state = new AudioDataLoader(recordings, common).state()
  const resume = (other: unknown, options: Partial<DataLoaderOptions> = {}, count = 31) => {
    const loader = new AudioDataLoader(recordings.slice(0, count), { ...common, ...options })
    return (): void => loader.resume(other as DataLoaderState)
  }

  test('with other items', () => {
    expect(resume(state, {}, 30)).toThrow('other items')
    const renamed = recordings.map(({ path }) => ({ path: `${path}x` }))
    const loader = new AudioDataLoader(renamed, common)
    expect(() => loader.resume(state)).toThrow('other items')
  })

  test('in another order', () => {
    expect(resume(state, { shuffle: false })).toThrow('another order')
    expect(resume(state, { bucketByDuration: true })).toThrow(RangeError)
    const options = { ...common, bucketByDuration: true }
    const bucketed = new AudioDataLoader(recordings, options).state()
    expect(resume(bucketed, { bucketByDuration: true, batchSize: 4 })).toThrow('another order')
    expect(resume(bucketed, { bucketByDuration: true, worldSize: 4 })).not.toThrow()
  })

  test.each([
    [undefined, TypeError],
    ['state', TypeError],
    [{}, RangeError],
    [{ ...state, version: 2 }, RangeError],
    [{ ...state, position: 32 }, RangeError],
    [{ ...state, position: -1 }, RangeError],
    [{ ...state, position: 1.5 }, RangeError],
    [{ ...state, epoch: 'one' }, TypeError],
    [{ ...state, seed: Number.NaN }, RangeError],
    [{ ...state, fingerprint: 5 }, TypeError],
  ])('when it is none: %j', (other, type) => {
    expect(resume(other)).toThrow(type)
  })
})

test('while a loop runs there is no other, and no resuming', async () => {
  const loader = new AudioDataLoader(recordings, common)
  for await (const _ of loader) {
    expect(() => loader[Symbol.asyncIterator]()).toThrow('is being iterated')
    expect(() => loader.resume(loader.state())).toThrow(TypeError)
    expect(() => loader.setEpoch(3)).toThrow(TypeError)
    break
  }
  loader.setEpoch(3)
  expect(() => loader.setEpoch(-1)).toThrow(RangeError)
  expect(loader.state()).toMatchObject({ epoch: 3, position: 0 })
})
