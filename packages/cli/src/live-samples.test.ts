import { expect, test } from 'vitest'

import { rawSamples } from './live-samples.js'

async function samplesOf(...pieces: readonly (readonly number[])[]): Promise<readonly number[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield Uint8Array.from(piece)
  }
  const all: number[] = []
  for await (const samples of rawSamples(source())) all.push(...samples)
  return all
}

test('raw bytes are signed 16-bit little-endian numbers of which 32,768 is full scale', async () => {
  expect(await samplesOf([0, 0x80, 0xff, 0x7f, 0, 0, 0, 0x40])).toEqual([
    -1,
    32_767 / 32_768,
    0,
    0.5,
  ])
})

test('a sample may be cut between two pieces', async () => {
  expect(await samplesOf([0], [0x40, 0], [], [0xc0, 0, 0x20])).toEqual([0.5, -0.5, 0.25])
})

test('half a sample at the end is none', async () => {
  expect(await samplesOf([0, 0x40, 0x12])).toEqual([0.5])
  expect(await samplesOf([0x12])).toEqual([])
  expect(await samplesOf()).toEqual([])
})
