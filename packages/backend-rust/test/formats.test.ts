import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { info, load, outputLength, stream } from '@audiodecode/core'
import { describe, expect, test } from 'vitest'

import '../src/index.js'

/** An entry of fixtures/formats/manifest.json; fixtures/README.md says what the fields mean. */
interface Fixture {
  readonly file: string
  readonly container: string
  readonly codec: string
  readonly sampleRate: number
  readonly channels: number
  readonly frames: number
  readonly reference: string
  readonly tolerance: number
  readonly gapless?: string
}

const folder = new URL('../../../fixtures/formats/', import.meta.url)
const pathOf = (file: string): string => fileURLToPath(new URL(file, folder))
const fixtures = JSON.parse(readFileSync(pathOf('manifest.json'), 'utf8')) as readonly Fixture[]

function expectedSamples({ reference, channels, frames }: Fixture): Float32Array {
  const bytes = readFileSync(pathOf(reference))
  const samples = new Float32Array(new Uint8Array(bytes).buffer)
  expect(samples.length).toBe(channels * frames)
  return samples
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  let largest = 0
  for (let index = 0; index < a.length; index++) {
    // NaN must not hide: the comparison below is written so that it counts as infinitely wrong.
    const difference = Math.abs(a[index]! - b[index]!)
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference
  }
  return largest
}

function slice(data: Float32Array, channels: number, from: number, to: number): Float32Array {
  const frames = data.length / channels
  const parts = Array.from({ length: channels }, (_, channel) =>
    data.subarray(channel * frames + from, channel * frames + to),
  )
  const result = new Float32Array(channels * (to - from))
  parts.forEach((part, channel) => result.set(part, channel * (to - from)))
  return result
}

describe.each(fixtures.map((fixture) => [fixture.file, fixture] as const))(
  '%s',
  (file, fixture) => {
    const path = pathOf(file)

    test('info says what the file is, and its exact length', async () => {
      const found = await info(path, { scan: true })
      expect(found).toMatchObject({
        container: fixture.container,
        codec: fixture.codec,
        sampleRate: fixture.sampleRate,
        channels: fixture.channels,
        frames: fixture.frames,
        framesExact: true,
        durationSeconds: fixture.frames / fixture.sampleRate,
        backend: 'rust',
      })
      const quick = await info(path)
      if (quick.framesExact) expect(quick.frames).toBe(fixture.frames)
      expect(outputLength(found, { sampleRate: 16_000, mono: true })).toBe(
        Math.ceil((fixture.frames * 16_000) / fixture.sampleRate),
      )
    })

    test('load gives the samples that an independent decoder gives', async () => {
      const audio = await load(path)
      expect(audio).toMatchObject({
        frames: fixture.frames,
        channels: fixture.channels,
        sampleRate: fixture.sampleRate,
        startSeconds: 0,
      })
      expect(largestDifference(audio.data, expectedSamples(fixture))).toBeLessThanOrEqual(
        fixture.tolerance,
      )
      expect(audio.report.damaged).toEqual([])
      expect(audio.report.truncated).toBe(false)
      if (fixture.gapless !== undefined) expect(audio.report.gapless.source).toBe(fixture.gapless)
    })

    test('bytes give what the path gives', async () => {
      const [fromBytes, fromPath] = await Promise.all([load(await readFile(path)), load(path)])
      expect(largestDifference(fromBytes.data, fromPath.data)).toBe(0)
    })

    test('a range is the slice of the whole, sample for sample', async () => {
      const whole = await load(path)
      const total = whole.frames
      for (const [from, to] of [
        [0, 1],
        [1, 2000],
        [777, 778],
        [5000, total],
        [total - 300, total - 1],
      ] as const) {
        const part = await load(path, {
          offset: from / fixture.sampleRate,
          duration: (to - from) / fixture.sampleRate,
        })
        expect(part.frames).toBe(to - from)
        expect(largestDifference(part.data, slice(whole.data, whole.channels, from, to))).toBe(0)
      }
    })

    test('resampled to mono, a range is still the slice of the whole', async () => {
      const options = { sampleRate: 16_000, mono: true }
      const whole = await load(path, options)
      expect(whole.frames).toBe(Math.ceil((fixture.frames * 16_000) / fixture.sampleRate))
      const [from, to] = [3001, 9002]
      const part = await load(path, {
        ...options,
        offset: from / fixture.sampleRate,
        duration: (to - from) / fixture.sampleRate,
      })
      const start = Math.ceil((from * 16_000) / fixture.sampleRate)
      const end = Math.ceil((to * 16_000) / fixture.sampleRate)
      expect(part.frames).toBe(end - start)
      expect(largestDifference(part.data, slice(whole.data, 1, start, end))).toBe(0)
    })

    test('the blocks of a stream make up what load gives', async () => {
      for (const options of [{}, { sampleRate: 22_050, mono: true }]) {
        const whole = await load(path, options)
        const blocks: Float32Array[] = []
        let position = 0
        for await (const block of stream(path, { ...options, blockSeconds: 0.037 })) {
          expect(block.startSeconds).toBeCloseTo(position / whole.sampleRate, 6)
          blocks.push(block.data)
          expect(
            largestDifference(
              block.data,
              slice(whole.data, whole.channels, position, position + block.frames),
            ),
          ).toBe(0)
          position += block.frames
        }
        expect(position).toBe(whole.frames)
        expect(blocks.length).toBeGreaterThan(5)
      }
    })
  },
)
