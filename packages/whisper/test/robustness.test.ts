import { fileURLToPath } from 'node:url'

import { convert, load } from '@audiodecode/core'
import type { AudioData, Samples, TranscribeProgress } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { WhisperModel } from '../src/index.js'
import { modelFolder } from './support/models.js'

const file = fileURLToPath(new URL('data/jfk-16k.flac', import.meta.url))
const folder = modelFolder('tiny.en')
const greedy = { beamSize: 1, temperature: 0 }

/** Repeatable noise from -1 to 1. */
function noise(length: number, loudness: number): Float32Array {
  let state = 1
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return loudness * (state / 2 ** 31 - 1)
  })
}

/** A listener that acts when some of the audio has been transcribed and some has not. */
function whenUnderWay(act: () => void): (progress: TranscribeProgress) => void {
  return ({ phase, seconds, totalSeconds }) => {
    if (phase === 'transcribe' && seconds < totalSeconds) act()
  }
}

describe.skipIf(folder === undefined)('a model', { timeout: 120_000 }, () => {
  let model: WhisperModel
  let jfk: AudioData

  beforeAll(async () => {
    model = await WhisperModel.load(folder ?? '')
    jfk = await load(file)
  })
  afterAll(() => model.close())

  /** The clip some times over: several windows of 30 s. */
  function repeated(times: number): Samples {
    const samples = new Float32Array(jfk.data.length * times)
    for (let at = 0; at < samples.length; at += jfk.data.length) samples.set(jfk.data, at)
    return { samples, sampleRate: 16_000 }
  }

  test.each([
    ['quiet', 0.001],
    ['loud', 0.9],
  ])('hears no speech in %s noise', async (_, loudness) => {
    const input = { samples: noise(16_000 * 20, loudness), sampleRate: 16_000 }
    const result = await model.transcribe(input, { ...greedy, vad: true })
    expect(result).toMatchObject({ segments: [], speechSeconds: 0, durationSeconds: 20 })
    for (const { start, end } of (await model.transcribe(input, greedy)).segments) {
      expect(start).toBeGreaterThanOrEqual(0)
      expect(end).toBeGreaterThanOrEqual(start)
      expect(end).toBeLessThanOrEqual(30)
    }
  })

  test.each([8000, 96_000])('understands audio of %i Hz', async (sampleRate) => {
    const { data } = await convert(jfk, { sampleRate })
    const { text, durationSeconds } = await model.transcribe({ samples: data, sampleRate }, greedy)
    expect(text).toContain('what you can do for your country')
    expect(durationSeconds).toBeCloseTo(11, 3)
  })

  test('mixes six channels', async () => {
    const { frames } = jfk
    const data = new Float32Array(6 * frames)
    data.set(jfk.data, 2 * frames)
    const channelData = [0, 1, 2, 3, 4, 5].map((channel) =>
      data.subarray(channel * frames, (channel + 1) * frames),
    )
    const input = { ...jfk, data, channelData, channels: 6 }
    expect((await model.transcribe(input, greedy)).text).toContain('what you can do')
  })

  test('goes on with others when one is aborted', async () => {
    const controller = new AbortController()
    const reason = new Error('changed my mind')
    const short = { samples: jfk.data, sampleRate: 16_000 }
    const running = [
      model.transcribe(short, greedy),
      model.transcribe(repeated(4), {
        ...greedy,
        vad: false,
        signal: controller.signal,
        onProgress: whenUnderWay(() => controller.abort(reason)),
      }),
      model.transcribe(short, greedy),
    ]
    const [first, second, third] = await Promise.allSettled(running)
    expect(second).toEqual({ status: 'rejected', reason })
    expect(first).toMatchObject({ status: 'fulfilled' })
    expect(third).toEqual(first)
  })

  test('leaves samples that it is given as they were', async () => {
    const samples = jfk.data.slice()
    await model.transcribe({ samples, sampleRate: 16_000 }, greedy)
    expect(samples).toEqual(jfk.data)
    // Also when they are only a part of what the caller has.
    const part = jfk.data.subarray(8000)
    await model.transcribe({ samples: part, sampleRate: 16_000 }, greedy)
    expect(part).toHaveLength(jfk.data.length - 8000)
  })

  test('that is closed in the midst of work ends all of it', async () => {
    const other = await WhisperModel.load(folder ?? '', { workers: 2, threads: 1 })
    const batch = { ...greedy, vad: true, batchSize: 2, chunkLength: 4 } as const
    let running: Promise<unknown>[] = []
    const underWay = new Promise<void>((resolve) => {
      const onProgress = whenUnderWay(resolve)
      const sequential = { ...greedy, vad: false, onProgress }
      running = [
        other.transcribe(repeated(8), sequential),
        other.transcribe(repeated(8), { ...batch, onProgress }),
        other.transcribe(repeated(8), sequential),
      ]
    })
    const settled = Promise.allSettled(running)
    await underWay
    await other.close()
    for (const result of await settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ERR_CLOSED' } })
    }
  })
})
