import { expect, test } from 'vitest'

import type { LoadedItem } from '../items/load-item.js'
import { BatchTensor } from './batch-tensor.js'

const { signal } = new AbortController()

/** An item whose numbers are `first`, `first` + 1 …, in lines with a gap behind each. */
function itemOf(first: number, frames: number, rows = 1): LoadedItem & { released: number } {
  const stride = frames + 3
  const data = new Float32Array(rows * stride).fill(-1)
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < frames; at++) data[row * stride + at] = first + row * frames + at
  }
  const about = { startSeconds: 0, decodedSeconds: 0, damaged: false, channels: 1 }
  return {
    ...about,
    data,
    stride,
    frames,
    rows,
    released: 0,
    release() {
      this.released++
    },
  }
}

test('items come to their places in any order, and give their memory back', async () => {
  const tensor = new BatchTensor(3, 4)
  const items = [itemOf(1, 2), itemOf(10, 4), itemOf(20, 3)]
  for (const place of [2, 0, 1]) await tensor.add(place, items[place]!, signal)
  const data = await tensor.finish([0, 1, 2], 4, signal)
  expect([...data]).toEqual([1, 2, 0, 0, 10, 11, 12, 13, 20, 21, 22, 0])
  expect(items.map(({ released }) => released)).toEqual([1, 1, 1])
  // Not copied again.
  expect(await tensor.finish([0, 1, 2], 4, signal)).toBe(data)
})

test('lines of an item stay together', async () => {
  const tensor = new BatchTensor(2, 3)
  await tensor.add(1, itemOf(10, 2, 2), signal)
  await tensor.add(0, itemOf(1, 3, 2), signal)
  expect([...(await tensor.finish([0, 1], 3, signal))]).toEqual([
    1, 2, 3, 4, 5, 6, 10, 11, 0, 12, 13, 0,
  ])
})

test('longer items than were expected make room for themselves', async () => {
  const tensor = new BatchTensor(2, 2)
  await tensor.add(0, itemOf(1, 2), signal)
  await tensor.add(1, itemOf(10, 5), signal)
  expect([...(await tensor.finish([0, 1], 5, signal))]).toEqual([1, 2, 0, 0, 0, 10, 11, 12, 13, 14])
})

test('where all are shorter, or some are missing, the rest closes up', async () => {
  const tensor = new BatchTensor(3, 6)
  await tensor.add(0, itemOf(1, 2), signal)
  await tensor.add(2, itemOf(20, 3), signal)
  expect([...(await tensor.finish([0, 2], 3, signal))]).toEqual([1, 2, 0, 20, 21, 22])
})

test('two long items at once, of which the second needs more room, do not disturb one another', async () => {
  const tensor = new BatchTensor(2, 1_200_000)
  const items = [itemOf(0, 1_200_000), itemOf(0, 1_300_000)]
  await Promise.all(items.map(async (item, place) => tensor.add(place, item, signal)))
  const data = await tensor.finish([0, 1], 1_300_000, signal)
  const wrong = data.findIndex((value, at) => {
    const frame = at % 1_300_000
    return value !== (at < 1_300_000 && frame >= 1_200_000 ? 0 : frame)
  })
  expect(wrong).toBe(-1)
})

test('an abort gives the memory back', async () => {
  const controller = new AbortController()
  const item = itemOf(0, 1_200_000)
  const adding = new BatchTensor(1, 1_200_000).add(0, item, controller.signal)
  controller.abort(new Error('enough'))
  await expect(adding).rejects.toThrow('enough')
  expect(item.released).toBe(1)
})
