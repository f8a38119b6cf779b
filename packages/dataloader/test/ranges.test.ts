import { registerBackend, unregisterBackend } from '@audiodecode/core'
import type { AudioBackend, AudioInfo } from '@audiodecode/core'
import { temporaryFolder } from '@audiodecode/test-support'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { AudioDataLoader } from '../src/index.js'
import { collect } from './recordings.js'

const RATE = 8000
const SECONDS = 3600
const write = temporaryFolder()
const paths = Array.from({ length: 12 }, (_, at) => write(`${at}.long`, `long ${at}`))

/** An hour of audio each, of which sample n is n ÷ 2^25. It notes which frames are asked for. */
const asked: { startFrame: number; endFrame: number }[] = []
let infos = 0
const about = (): AudioInfo => ({
  container: 'long',
  codec: 'long',
  sampleRate: RATE,
  channels: 1,
  channelLayout: null,
  bitDepth: null,
  bitRate: null,
  frames: SECONDS * RATE,
  framesExact: true,
  durationSeconds: SECONDS,
  tracks: 1,
  tags: {},
  backend: 'long',
})
const long: AudioBackend = {
  name: 'long',
  tier: 'preferred',
  capabilities: { range: true },
  supports: ({ extension }) => extension === 'long',
  info: async () => {
    infos++
    return about()
  },
  decode: async (_, { startFrame, endFrame }) => {
    const end = endFrame ?? SECONDS * RATE
    asked.push({ startFrame, endFrame: end })
    const data = Float32Array.from(
      { length: end - startFrame },
      (_, at) => (startFrame + at) / 2 ** 25,
    )
    return { data, channels: 1, sampleRate: RATE }
  },
}

beforeAll(() => registerBackend(long))
afterAll(() => unregisterBackend('long'))
beforeEach(() => {
  asked.length = 0
  infos = 0
})

test('of a crop nothing else is decoded', async () => {
  const loader = new AudioDataLoader(paths, { sampleRate: RATE, cropSeconds: 0.25, batchSize: 4 })
  const batches = await collect(loader)
  expect(asked).toHaveLength(12)
  for (const { startFrame, endFrame } of asked) {
    // 2,000 frames, and the two that are spared for other rates.
    expect(endFrame - startFrame).toBe(2002)
  }
  for (const { data, startSeconds, lengths } of batches) {
    expect([...lengths]).toEqual([2000, 2000, 2000, 2000])
    for (const [at, start] of startSeconds.entries()) {
      const first = Math.round(start * RATE)
      expect(data[at * 2000]).toBe(Math.fround(first / 2 ** 25))
      expect(data[at * 2000 + 1999]).toBe(Math.fround((first + 1999) / 2 ** 25))
    }
  }
  expect(loader.stats.decodedSeconds).toBeCloseTo((12 * 2002) / RATE, 9)
})

test('how long a file is, is asked once, or not at all when the list says it', async () => {
  const options = { sampleRate: RATE, cropSeconds: 0.25, shuffle: true }
  const asking = new AudioDataLoader(paths, options)
  await collect(asking)
  const { length } = asked
  const first = infos
  await collect(asking)
  // Each load looks at the file, too; the second epoch does nothing else.
  expect([asked.length - length, infos - first]).toEqual([12, first - 12])
  infos = 0
  const items = paths.map((path) => ({ path, durationSeconds: SECONDS }))
  await collect(new AudioDataLoader(items, options))
  expect(infos).toBe(first - 12)
})
