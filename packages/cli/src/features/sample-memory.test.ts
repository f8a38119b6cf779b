import { fileURLToPath } from 'node:url'

import { load } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { loadBackends } from '../load-backends.js'
import { createSampleMemory } from './sample-memory.js'

const fixtures = fileURLToPath(new URL('../../../../fixtures/formats/', import.meta.url))
await loadBackends()

test('samples are those of load, whatever was in their memory before, and of files that are longer', async () => {
  const memory = createSampleMemory()
  const places: unknown[] = []
  for (const [name, sampleRate] of [
    ['s16.flac', 8000],
    ['cbr128.mp3', 8000],
    ['s16.flac', 44_100],
    ['cbr128.mp3', 22_050],
  ] as const) {
    const options = { mono: true, sampleRate }
    const expected = await load(fixtures + name, options)
    await memory.load(fixtures + name, options, async ({ data, frames }) => {
      expect(frames).toBe(expected.frames)
      expect(data).toEqual(expected.data)
      places.push(data.buffer)
    })
  }
  // The first of a length is the caller's own; the next one that is no longer lies where another one may lie again.
  expect(places[1]).toBeInstanceOf(SharedArrayBuffer)
  expect(places[3]).toBeInstanceOf(SharedArrayBuffer)
})

test('files that are worked on at the same time do not share it', async () => {
  const memory = createSampleMemory()
  const path = `${fixtures}s16.flac`
  await memory.load(path, { mono: true }, async () => {})
  await memory.load(path, { mono: true }, async (one) => {
    await memory.load(path, { mono: true, sampleRate: 8000 }, async (other) => {
      expect(other.data.buffer).not.toBe(one.data.buffer)
    })
  })
})

test('what goes wrong is thrown, and the memory is used again', async () => {
  const memory = createSampleMemory()
  const path = `${fixtures}s16.flac`
  await memory.load(path, { mono: true }, async () => {})
  await expect(memory.load(`${path}.missing`, { mono: true }, async () => {})).rejects.toThrow(
    'missing',
  )
  const failing = memory.load(path, { mono: true }, async () => {
    throw new Error('on purpose')
  })
  await expect(failing).rejects.toThrow('on purpose')
  const again = await memory.load(path, { mono: true }, async ({ data }) => data.buffer)
  expect(await memory.load(path, { mono: true }, async ({ data }) => data.buffer)).toBe(again)
})
