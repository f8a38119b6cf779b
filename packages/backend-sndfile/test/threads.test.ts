import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { configure, load } from '@audiodecode/core'
import type { LoadOptions } from '@audiodecode/core'
import { abortTimes, countingSample, makeWav, opener, wholeFile } from '@audiodecode/test-support'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { sndfileBackend } from '../src/index.js'

const openSndfile = opener(sndfileBackend)

const { available } = await sndfileBackend.status!()
const fixture = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../../../${name}`, import.meta.url)))
const frames = 44_100 * 20
const long: Readonly<Record<string, () => Uint8Array>> = {
  FLAC: () => fixture('fixtures/jfk.flac'),
  WAV: () => makeWav({ frames, sample: countingSample }),
}

beforeAll(() => configure({ threads: 4 }))
afterAll(() => configure({ threads: 2 }))

const requests: readonly LoadOptions[] = [
  {},
  { sampleRate: 16_000, mono: true },
  { offset: 1.2345, duration: 8.1 },
]
const bytesOf = (samples: Float32Array): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)

test.skipIf(!available).each(Object.keys(long))(
  '%s is the same on one thread and on several',
  async (name) => {
    const bytes = long[name]!()
    for (const request of requests) {
      const one = await load(bytes, { ...request, backend: 'sndfile', threads: 1 })
      expect(one.frames).toBeGreaterThan(100_000)
      for (const threads of [2, 4]) {
        const several = await load(bytes, { ...request, backend: 'sndfile', threads })
        expect(several.frames).toBe(one.frames)
        expect(Buffer.compare(bytesOf(several.data), bytesOf(one.data))).toBe(0)
        expect(several.report).toEqual(one.report)
      }
    }
  },
)

test.skipIf(!available)(
  'a 16-bit WAV on several threads gives each sample divided by 32768',
  async () => {
    const { data } = await load(long['WAV']!(), { backend: 'sndfile', threads: 4 })
    const expected = new Float32Array(2 * frames)
    for (let channel = 0; channel < 2; channel++) {
      for (let frame = 0; frame < frames; frame++) {
        expected[channel * frames + frame] = countingSample(frame, channel) / 32_768
      }
    }
    expect(Buffer.compare(bytesOf(data), bytesOf(expected))).toBe(0)
  },
)

test.skipIf(!available)(
  'an abort stops the way to a late range of an MP3, which is decoded from its start',
  { retry: 2 },
  async () => {
    const once = fixture('crates/audiodecode-symphonia/tests/mpeg/untagged-mono32.mp3')
    const handle = await openSndfile(Buffer.concat(Array.from({ length: 2000 }, () => once)))
    const range = { startFrame: 41_472 * 1990, endFrame: 41_472 * 1990 + 100 }
    const { whole, afterAbort } = await abortTimes(async (signal) =>
      handle.decode(wholeFile({ ...range, signal })),
    )
    expect(afterAbort).toBeLessThan(whole / 2)
    await handle.close()
  },
)
