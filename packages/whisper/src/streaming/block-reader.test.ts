import { setImmediate } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { BlockReader } from './block-reader.js'

const { signal } = new AbortController()

/** Blocks of so many samples that count on, and how many were asked for. */
function counted(sizes: Iterable<number>) {
  const state = { asked: 0, ended: false }
  async function* blocks(): AsyncGenerator<Float32Array> {
    let next = 0
    try {
      for (const size of sizes) {
        state.asked += 1
        yield Float32Array.from({ length: size }, () => next++)
      }
    } finally {
      state.ended = true
    }
  }
  return { blocks: blocks(), state }
}

function* endless(size: number): Generator<number> {
  while (true) yield size
}

test('all samples come in their order, whatever the blocks', async () => {
  for (const sizes of [[1, 2, 3, 4], [10], [0, 0, 10, 0], [9, 1]]) {
    const reader = new BlockReader(counted(sizes).blocks, 6)
    const got: number[] = []
    for (let part = await reader.take(3, 5, signal); part !== null;) {
      expect(part.length).toBeLessThanOrEqual(5)
      got.push(...part)
      part = await reader.take(3, 5, signal)
    }
    expect(got).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  }
})

test('the source is not read on when enough waits to be taken', async () => {
  const { blocks, state } = counted(endless(2))
  const reader = new BlockReader(blocks, 6)
  expect(await reader.take(2, 2, signal)).toHaveLength(2)
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  expect(state.asked).toBe(4)
  await reader.close()
  expect(state.ended).toBe(true)
})

test('a block may be written over by the source once it was given', async () => {
  async function* reusing(): AsyncGenerator<Float32Array> {
    const block = new Float32Array(2)
    for (const value of [1, 2]) yield block.fill(value)
  }
  const reader = new BlockReader(reusing(), 100)
  expect([...((await reader.take(4, 4, signal)) ?? [])]).toEqual([1, 1, 2, 2])
})

test('an error of the source comes behind what came before it', async () => {
  const reason = new Error('no microphone')
  async function* failing(): AsyncGenerator<Float32Array> {
    yield new Float32Array(3)
    throw reason
  }
  const reader = new BlockReader(failing(), 100)
  expect(await reader.take(10, 10, signal)).toHaveLength(3)
  await expect(reader.take(1, 1, signal)).rejects.toBe(reason)
})

test.each([
  [Float64Array.of(0.5), { name: 'TypeError' }],
  [[0.5], { name: 'TypeError' }],
  [undefined, { name: 'TypeError' }],
  [Float32Array.of(0, Number.NaN), { code: 'ERR_CORRUPT', message: expect.stringContaining('6') }],
])('a block %j ends the source with an error', async (block, error) => {
  let ended = false
  async function* wrong(): AsyncGenerator<Float32Array> {
    try {
      yield new Float32Array(5)
      yield block as Float32Array
    } finally {
      ended = true
    }
  }
  const reader = new BlockReader(wrong(), 100)
  expect(await reader.take(6, 6, signal)).toHaveLength(5)
  await expect(reader.take(1, 1, signal)).rejects.toMatchObject(error)
  expect(ended).toBe(true)
})

test('an abort ends the waiting for a source that says nothing, and so does close()', async () => {
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }
  const controller = new AbortController()
  const reader = new BlockReader(silent, 100)
  const waiting = reader.take(1, 1, controller.signal)
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  await reader.close()
})
