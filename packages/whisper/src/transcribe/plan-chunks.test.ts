import { expect, test } from 'vitest'

import { cutClips, planChunks } from './plan-chunks.js'
import type { AudioChunk, ChunkCutter } from './plan-chunks.js'

async function* blocksOf(samples: Float32Array, size: number): AsyncGenerator<Float32Array> {
  for (let start = 0; start < samples.length; start += size) {
    yield samples.slice(start, start + size)
  }
}

const numbers = Float32Array.from({ length: 100 }, (_, index) => index)

async function chunksOf(cutter: ChunkCutter, size: number): Promise<readonly AudioChunk[]> {
  const chunks: AudioChunk[] = []
  for await (const chunk of planChunks(blocksOf(numbers, size), cutter)) chunks.push(chunk)
  return chunks
}

/** First and last sample of each, as the samples are their own places. */
const ends = (chunks: readonly AudioChunk[]): number[][] =>
  chunks.map(({ samples }) => [samples[0] ?? -1, samples.at(-1) ?? -1])

test.each([1, 7, 100])('audio in blocks of %i is cut into equal pieces', async (size) => {
  const chunks = await chunksOf(cutClips([{ start: 0, end: Infinity }], 30, 10), size)
  expect(ends(chunks)).toEqual([
    [0, 29],
    [30, 59],
    [60, 89],
    [90, 99],
  ])
  expect(chunks.map(({ index, offset, duration }) => [index, offset, duration])).toEqual([
    [0, 0, 3],
    [1, 3, 3],
    [2, 6, 3],
    [3, 9, 1],
  ])
})

test.each([1, 7, 100])('clips in blocks of %i are chunks, long ones several', async (size) => {
  const clips = [
    { start: 50, end: 60 },
    // Earlier than the one before it, and over it.
    { start: 5, end: 48 },
    { start: 70, end: 400 },
    { start: 300, end: 500 },
  ]
  const chunks = await chunksOf(cutClips(clips, 30, 10), size)
  expect(ends(chunks)).toEqual([
    [50, 59],
    [5, 34],
    [35, 47],
    [70, 99],
  ])
})

test('a sample that is no number is told with its place', async () => {
  const samples = numbers.slice()
  samples[42] = Number.NaN
  const chunks = planChunks(blocksOf(samples, 10), cutClips([{ start: 0, end: 5 }], 30, 10))
  const drain = async (): Promise<void> => {
    for await (const chunk of chunks) expect(chunk.index).toBe(0)
  }
  await expect(drain()).rejects.toThrow('sample 42')
})
