import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { configure, load } from '@audiodecode/core'
import type { LoadOptions } from '@audiodecode/core'
import { makeWav, opener, wholeFile } from '@audiodecode/test-support'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { rustBackend } from '../src/index.js'

const openRust = opener(rustBackend)

const fixture = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../../../${name}`, import.meta.url)))

/** Behind each other they are one long stream, with bits missing at every joint: damage whose place has to be the same. */
const times = (count: number, bytes: Uint8Array): Uint8Array =>
  Buffer.concat(Array.from({ length: count }, () => bytes))

const untagged = fixture('crates/audiodecode-symphonia/tests/mpeg/untagged-mono32.mp3')
const long: Readonly<Record<string, () => Uint8Array>> = {
  'FLAC of 11 s': () => fixture('fixtures/jfk.flac'),
  'WAV of 20 s': () =>
    makeWav({ frames: 44_100 * 20, sample: (frame) => (frame * frame) & 0x3fff }),
  'MP3 of many pieces': () => times(60, untagged),
}

beforeAll(() => configure({ threads: 4 }))
afterAll(() => configure({ threads: 2 }))

const requests: readonly LoadOptions[] = [
  {},
  { sampleRate: 16_000, mono: true },
  { offset: 1.2345, duration: 8.1 },
]
test.each(Object.keys(long))('%s is the same on one thread and on several', async (name) => {
  const bytes = long[name]!()
  for (const request of requests) {
    const one = await load(bytes, { ...request, threads: 1 })
    expect(one.frames).toBeGreaterThan(100_000)
    for (const threads of [2, 4]) {
      const several = await load(bytes, { ...request, threads })
      expect(several.frames).toBe(one.frames)
      expect(Buffer.compare(bytesOf(several.data), bytesOf(one.data))).toBe(0)
      expect(several.report).toEqual(one.report)
    }
  }
})

test('an abort stops every thread, and shared memory is left alone after that', async () => {
  const frames = 44_100 * 300
  const handle = await openRust(makeWav({ frames, sample: (frame) => frame & 0x3fff }))
  const out = new Float32Array(new SharedArrayBuffer(2 * Math.ceil((frames * 160) / 441) * 4))
  const controller = new AbortController()
  const request = wholeFile({ sampleRate: 16_000, out, threads: 4, signal: controller.signal })
  const pending = handle.decode(request)
  await new Promise((done) => setTimeout(done, 10))
  const reason = new Error('enough')
  const started = process.cpuUsage()
  controller.abort(reason)
  await expect(pending).rejects.toBe(reason)
  out.fill(0)
  await new Promise((done) => setTimeout(done, 200))
  const { user, system } = process.cpuUsage(started)
  // Going on would take several times that.
  expect((user + system) / 1000).toBeLessThan(150)
  expect(out.every((value) => value === 0)).toBe(true)
  await handle.close()
})

function bytesOf(samples: Float32Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
}
