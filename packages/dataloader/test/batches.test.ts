import { configure, load } from '@audiodecode/core'
import type { AudioCache, AudioData } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { logMelSpectrogram, melSpectrogram, mfcc } from '@audiodecode/features'
import { describe, expect, test } from 'vitest'

import { AudioDataLoader } from '../src/index.js'
import { collect, digest, framesOf, linesOf, makeRecordings, paddingOf } from './recordings.js'

const recordings = makeRecordings(23)
const paths = recordings.map(({ path }) => path)
const stereo = makeRecordings(6, { channels: 2, sampleRate: 11_025 })

test('a batch is a padded tensor with the samples that load gives of each file', async () => {
  const loader = new AudioDataLoader(recordings, { sampleRate: 8000, batchSize: 5 })
  const batches = await collect(loader)
  expect(batches.map(({ shape }) => shape[0])).toEqual([5, 5, 5, 5, 3])
  for (const batch of batches) {
    const frames = [...batch.indices].map(framesOf)
    expect(batch.shape).toEqual([batch.indices.length, 1, Math.max(...frames)])
    expect([...batch.lengths]).toEqual(frames)
    expect(batch.data).toHaveLength(batch.shape.reduce((product, size) => product * size, 1))
    for (const [at, index] of batch.indices.entries()) {
      expect(batch.items[at]).toBe(recordings[index])
      const { data } = await load(paths[index]!, { sampleRate: 8000, mono: true })
      expect(linesOf(batch, at)).toEqual([data])
    }
    expect(paddingOf(batch).every((value) => value === 0)).toBe(true)
  }
  expect(batches.flatMap(({ indices }) => [...indices])).toEqual(paths.map((_, at) => at))
})

test('paths do as items, and files say themselves how long they are', async () => {
  const options = { sampleRate: 8000, batchSize: 4, shuffle: true, bucketByDuration: true }
  const known = await collect(new AudioDataLoader(recordings, options))
  const asked = await collect(new AudioDataLoader(paths, options))
  expect(asked.map(digest)).toEqual(known.map(digest))
  expect(asked[0]!.items[0]).toBe(paths[asked[0]!.indices[0]!])
})

test('files of another rate are resampled, and channels kept when they are wanted', async () => {
  const loader = new AudioDataLoader(stereo, { sampleRate: 16_000, mono: false, batchSize: 4 })
  for (const batch of await collect(loader)) {
    expect(batch.shape.slice(0, 2)).toEqual([batch.indices.length, 2])
    for (const [at, index] of batch.indices.entries()) {
      const { channelData } = await load(stereo[index]!.path, { sampleRate: 16_000 })
      expect(linesOf(batch, at)).toEqual(channelData)
    }
  }
})

describe.each([
  ['mel', melSpectrogram, { nMels: 20, nFft: 512, hopLength: 128 }],
  ['logMel', logMelSpectrogram, { nMels: 24, nFft: 512, topDb: 60 }],
  ['mfcc', mfcc, { nMfcc: 13, nMels: 32, nFft: 512, hopLength: 160 }],
] as const)('%s', (kind, compute, options) => {
  test('of a batch is what it is of each file by itself', async () => {
    const features = { kind, ...options }
    const loader = new AudioDataLoader(paths, { sampleRate: 8000, batchSize: 6, features })
    for (const batch of await collect(loader)) {
      for (const [at, index] of batch.indices.entries()) {
        const audio = await load(paths[index]!, { sampleRate: 8000, mono: true })
        const { data, shape } = await compute(audio, options)
        expect(batch.shape[1]).toBe(shape[0])
        expect(batch.lengths[at]).toBe(shape[1])
        const lines = linesOf(batch, at)
        for (let row = 0; row < shape[0]; row++) {
          expect(lines[row]).toEqual(data.subarray(row * shape[1], (row + 1) * shape[1]))
        }
      }
      expect(paddingOf(batch).every((value) => value === 0)).toBe(true)
    }
  })
})

test('features of several channels have a dimension for them', async () => {
  const features = { kind: 'mfcc', nMfcc: 5, nMels: 20, nFft: 512 } as const
  const loader = new AudioDataLoader(stereo, { sampleRate: 11_025, mono: false, features })
  const [batch] = await collect(loader)
  const { channelData, shape } = await mfcc(await load(stereo[3]!.path), features)
  expect(batch!.shape.slice(0, 3)).toEqual([6, 2, 5])
  const lines = linesOf(batch!, 3)
  expect(lines[5]).toEqual(channelData[1]!.subarray(0, shape[1]))
})

describe('crops', () => {
  const crop = { sampleRate: 8000, cropSeconds: 0.5, batchSize: 8, shuffle: true, seed: 5 }

  test('are exact ranges, of one length, and shorter items come whole', async () => {
    const batches = await collect(new AudioDataLoader(paths, crop))
    for (const batch of batches) {
      expect(batch.shape).toEqual([batch.indices.length, 1, 4000])
      for (const [at, index] of batch.indices.entries()) {
        const { data } = await load(paths[index]!, { sampleRate: 8000, mono: true })
        const start = Math.round(batch.startSeconds[at]! * 8000)
        expect(batch.lengths[at]).toBe(Math.min(4000, framesOf(index)))
        expect(linesOf(batch, at)).toEqual([data.subarray(start, start + 4000)])
      }
    }
    const starts = batches.flatMap(({ startSeconds }) => [...startSeconds])
    expect(new Set(starts.filter((start) => start > 0)).size).toBeGreaterThan(10)
  })

  test('of items that are all shorter have the same length', async () => {
    // The longest recording has less than a second.
    const features = { kind: 'mel', nMels: 20, nFft: 512, hopLength: 100 } as const
    const long = { ...crop, cropSeconds: 1.5 }
    const [samples] = await collect(new AudioDataLoader(paths, long))
    expect(samples!.shape).toEqual([8, 1, 12_000])
    expect([...samples!.lengths]).toEqual([...samples!.indices].map(framesOf))
    const [mels] = await collect(new AudioDataLoader(paths, { ...long, features }))
    expect(mels!.shape).toEqual([8, 20, 121])
    expect(paddingOf(mels!).every((value) => value === 0)).toBe(true)
  })

  test('of another rate are full and equal the same range of the resampled whole', async () => {
    const options = { ...crop, sampleRate: 7000, cropSeconds: 0.25 }
    for (const batch of await collect(new AudioDataLoader(stereo, options))) {
      for (const [at, index] of batch.indices.entries()) {
        const { data } = await load(stereo[index]!.path, { sampleRate: 7000, mono: true })
        const start = Math.round(batch.startSeconds[at]! * 7000)
        // 0.3 s at 11,025 Hz are shorter than the crop.
        expect(batch.lengths[at]).toBe(Math.min(1750, data.length))
        expect(linesOf(batch, at)).toEqual([data.subarray(start, start + 1750)])
      }
    }
  })

  test('lie elsewhere in another epoch, and in the same place when it is loaded again', async () => {
    const starts = async (epoch: number): Promise<Map<number, number>> => {
      const loader = new AudioDataLoader(paths, crop)
      loader.setEpoch(epoch)
      const batches = await collect(loader)
      return new Map(
        batches.flatMap(({ indices, startSeconds }) =>
          [...indices].map((index, at) => [index, startSeconds[at]!] as const),
        ),
      )
    }
    const [first, second, again] = [await starts(0), await starts(1), await starts(0)]
    expect(again).toEqual(first)
    const moved = [...first].filter(([index, start]) => second.get(index) !== start)
    expect(moved.length).toBeGreaterThan(10)
  })

  test('with features have the frames of a crop', async () => {
    const features = { kind: 'mfcc', nMfcc: 13, nMels: 32, nFft: 512, hopLength: 160 } as const
    const [batch] = await collect(new AudioDataLoader(recordings, { ...crop, features }))
    // ⌊4000 ÷ 160⌋ + 1 frames, centred.
    expect(batch!.shape).toEqual([8, 13, 26])
    const index = batch!.indices[0]!
    const offset = batch!.startSeconds[0]!
    const audio = await load(paths[index]!, { sampleRate: 8000, mono: true, offset, duration: 0.5 })
    const { data, shape } = await mfcc(audio, features)
    expect(Buffer.from(linesOf(batch!, 0)[2]!)).toEqual(
      Buffer.from(data.subarray(2 * shape[1], 3 * shape[1])),
    )
  })
})

test('batches are the same whatever the threads and whatever is loaded ahead', async () => {
  const features = { kind: 'logMel', nMels: 16, nFft: 512 } as const
  const options = {
    sampleRate: 8000,
    batchSize: 4,
    shuffle: true,
    seed: 9,
    cropSeconds: 0.4,
    features,
  }
  const runs: string[][] = []
  for (const [threads, prefetchBytes] of [
    [1, 1],
    [1, 2 ** 28],
    [7, 1],
    [7, 100_000],
  ] as const) {
    configure({ threads })
    runs.push(
      (await collect(new AudioDataLoader(paths, { ...options, prefetchBytes }))).map(digest),
    )
  }
  configure({ threads: 2 })
  expect(new Set(runs.map((run) => run.join('\n'))).size).toBe(1)
})

test('no batch has more seconds than it may', async () => {
  const options = { sampleRate: 8000, maxBatchSeconds: 2.5, bucketByDuration: true, shuffle: true }
  const batches = await collect(new AudioDataLoader(paths, options))
  for (const { data } of batches) expect(data.length).toBeLessThanOrEqual(2.5 * 8000)
  expect(batches.flatMap(({ indices }) => [...indices])).toHaveLength(23)
})

test('few items, no items, and what is left over', async () => {
  const options = { sampleRate: 8000, batchSize: 100 }
  const [only, ...others] = await collect(new AudioDataLoader(paths, options))
  expect([only!.shape[0], others.length]).toEqual([23, 0])
  expect(await collect(new AudioDataLoader([], options))).toEqual([])
  expect(await collect(new AudioDataLoader(paths, { ...options, dropLast: true }))).toEqual([])
})

test('items bring along whatever they have', async () => {
  const items = recordings.map((recording, at) => ({ ...recording, label: `word ${at}` }))
  for await (const batch of new AudioDataLoader(items, { sampleRate: 8000, shuffle: true })) {
    const labels: readonly string[] = batch.items.map(({ label }) => label)
    expect(labels).toEqual([...batch.indices].map((index) => `word ${index}`))
  }
})

test('a list that says wrong durations still gives whole files', async () => {
  const items = recordings.slice(0, 6).map(({ path }, at) => ({ path, durationSeconds: at % 2 }))
  const batches = await collect(new AudioDataLoader(items, { sampleRate: 8000 }))
  expect([...batches[0]!.lengths]).toEqual(items.map((_, at) => framesOf(at)))
})

test('files go through a cache, which batches do not spoil', async () => {
  const stored = new Map<string, Promise<AudioData>>()
  let decoded = 0
  const cache: AudioCache = {
    async load(key, decode) {
      const name = JSON.stringify(key)
      const found = stored.get(name)
      if (found !== undefined) return found
      decoded++
      const { signal } = new AbortController()
      const audio = decode(signal)
      stored.set(name, audio)
      return audio
    },
    stats: { hits: 0, misses: 0, joined: 0, evictions: 0, bytes: 0, entries: 0 },
    clear: () => {},
    close: async () => {},
  }
  const loader = new AudioDataLoader(paths, { sampleRate: 8000, batchSize: 6, load: { cache } })
  const first = (await collect(loader)).map(digest)
  const again = await collect(loader)
  expect(decoded).toBe(paths.length)
  expect(again.map(digest)).toEqual(first)
  // Nothing of a batch is the cache's, nor may be.
  for (const { data } of again) data.fill(0)
  expect((await collect(loader)).map(digest)).toEqual(first)
})
