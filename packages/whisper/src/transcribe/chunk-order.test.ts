import type { Segment } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { ChunkOrder } from './chunk-order.js'
import type { HeardChunk } from './heard-chunk.js'
import { resolveOptions } from './options.js'

/** Three chunks of ten seconds, with five seconds of silence before each. */
const chunks = [0, 1, 2].map((index) => ({
  offset: 10 * index,
  duration: 10,
  speech: [{ start: 16_000 * (15 * index + 5), end: 16_000 * (15 * index + 15) }],
}))

function heard(index: number, start: number, end: number): HeardChunk {
  const segment = { seek: 1000 * index, start, end, tokens: [1], text: ` ${index}` }
  const quality = { avgLogprob: -0.2, noSpeechProb: 0, temperature: 0 }
  return { index, ...quality, segments: [{ ...segment, compressionRatio: 1 }], words: null }
}

const seen = (segments: readonly Segment[]): unknown[] =>
  segments.map(({ id, text, start, end, seek }) => [id, text, start, end, seek])

test('chunks come out in their order, at the times of the audio', () => {
  const order = new ChunkOrder(resolveOptions({}), 50, true)
  for (const chunk of chunks) order.plan(chunk)
  expect(order.add(heard(2, 21, 24))).toEqual([])
  expect(order.add(heard(1, 10.5, 19))).toEqual([])
  expect(order.next).toBe(0)
  expect(seen(order.add(heard(0, 1, 9)))).toEqual([
    [0, ' 0', 6, 14, 0],
    [1, ' 1', 20.5, 29, 10],
    [2, ' 2', 36, 39, 20],
  ])
  expect(order.next).toBe(3)
  expect(order.planned()).toEqual([])
})

test('a time beyond what is known waits for what follows', () => {
  const order = new ChunkOrder(resolveOptions({}), 50, true)
  const [first, second] = chunks
  if (first === undefined || second === undefined) throw new RangeError('there are two chunks')
  order.plan(first)
  // The model went on behind the end of its chunk.
  expect(order.add(heard(0, 1, 11))).toEqual([])
  order.plan(second)
  expect(seen(order.add(heard(1, 12, 20)))).toEqual([[0, ' 0', 6, 21, 0]])
  expect(seen(order.planned())).toEqual([[1, ' 1', 22, 30, 10]])
})

test('clips lie where they lay in the audio', () => {
  const order = new ChunkOrder(resolveOptions({}), 50, false)
  for (const chunk of chunks) order.plan(chunk)
  expect(seen(order.add(heard(0, 1, 90)))).toEqual([[0, ' 0', 1, 90, 0]])
})
