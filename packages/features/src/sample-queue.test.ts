import { expect, test } from 'vitest'

import type { Frames } from './frames.js'
import { createSampleQueue } from './sample-queue.js'
import type { SampleQueue } from './sample-queue.js'

function frames(nFft: number, hopLength: number, padding: Frames['padding']): Frames {
  return {
    nFft,
    hopLength,
    padding,
    winLength: nFft,
    inPlace: false,
    threads: 1,
    signal: undefined,
  }
}

/** Pushes the numbers that come next, of two channels: the second is the negative of the first. */
async function push(queue: SampleQueue, count: number): Promise<void> {
  const first = queue.received()
  const one = Float32Array.from({ length: count }, (_, at) => first + at + 1)
  const data = new Float32Array([...one, ...one.map((value) => -value)])
  await queue.push({ data, channels: 2, frames: count, sampleRate: 8000 }, 'test')
}

test('a frame is complete with its last sample', async () => {
  const queue = createSampleQueue(frames(4, 3, 'none'), 2)
  await push(queue, 3)
  expect(queue.complete()).toBe(0)
  await push(queue, 1)
  expect(queue.complete()).toBe(1)
  await push(queue, 6)
  expect(queue.complete()).toBe(3)
})

test('a reflected beginning waits for the sample that its first one mirrors', async () => {
  const queue = createSampleQueue(frames(4, 2, 'reflect'), 2)
  await push(queue, 2)
  expect(queue.complete()).toBe(0)
  await push(queue, 1)
  expect(queue.complete()).toBe(1)
})

test('of what has come the samples stay that the next frame begins with', async () => {
  const queue = createSampleQueue(frames(6, 2, 'constant'), 2)
  await push(queue, 10)
  expect(queue.complete()).toBe(4)
  queue.take(4)
  await push(queue, 1)
  const { samples, start, firstFrame } = queue.take(1)
  expect(firstFrame).toBe(4)
  // Frame 4 lies around sample 8, and begins 3 before it.
  expect(start).toBe(5)
  expect([...samples]).toEqual([6, 7, 8, 9, 10, 11, -6, -7, -8, -9, -10, -11])
})

test('where hops are longer than frames the samples stay that the end may mirror', async () => {
  const queue = createSampleQueue(frames(4, 10, 'reflect'), 2)
  await push(queue, 9)
  queue.take(queue.complete())
  await push(queue, 1)
  // The frame around sample 10, the one behind the last, mirrors samples 9, 8 and 7.
  const { samples, start } = queue.take(1)
  expect(start).toBe(6)
  expect([...samples.subarray(0, 4)]).toEqual([7, 8, 9, 10])
})
