import { fileURLToPath } from 'node:url'

import { load } from '@audiodecode/core'
import type { AudioInput, Samples, TranscribeProgress } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { WhisperModel } from '../src/index.js'
import { modelFolder } from './support/models.js'

const file = fileURLToPath(new URL('data/jfk-16k.flac', import.meta.url))
const folder = modelFolder('tiny.en')
const options = { beamSize: 1, temperature: 0, batchSize: 2, chunkLength: 8, vad: true } as const

describe.skipIf(folder === undefined)('chunks decoded together', { timeout: 120_000 }, () => {
  let model: WhisperModel
  let jfk: Float32Array
  /** Three times the clip from another place on, each behind two seconds of silence: about a chunk each. */
  let input: Samples

  beforeAll(async () => {
    jfk = (await load(file)).data
    const parts = [0, 40_000, 85_000].map((from) => jfk.subarray(from))
    const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length + 32_000, 0))
    let at = 32_000
    for (const part of parts) {
      samples.set(part, at)
      at += part.length + 32_000
    }
    input = { samples, sampleRate: 16_000 }
    model = await WhisperModel.load(folder ?? '', {
      computeType: 'float32',
      workers: 2,
      threads: 1,
    })
  })
  afterAll(() => model.close())

  test('say what they say alone, in the order of time', async () => {
    const given = input.samples.slice()
    const alone: unknown[] = []
    for await (const segment of model.segments(input, { ...options, batchSize: 256 })) {
      alone.push(segment)
    }
    expect(alone.length).toBeGreaterThan(3)
    const together = await model.transcribe(input, options)
    expect(together.segments.map(({ id }) => id)).toEqual(alone.map((_, index) => index))
    const rounded = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (_, each: unknown) =>
          typeof each === 'number' ? Number(each.toFixed(3)) : each,
        ),
      )
    expect(rounded(together.segments)).toEqual(rounded(alone))
    const starts = together.segments.map(({ start }) => start)
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    // What the caller gave is still the caller's.
    expect(input.samples).toEqual(given)
  })

  test('that fail a threshold are decoded again at the next temperature, the others are not', async () => {
    const exact = { ...options, shortAudio: 'exact' } as const
    const before = await model.transcribe(input, exact)
    const qualities = [...new Set(before.segments.map(({ avgLogprob }) => avgLogprob))]
    const limit = (Math.min(...qualities) + Math.max(...qualities)) / 2
    const gates = {
      compressionRatioThreshold: null,
      logProbThreshold: limit,
      noSpeechThreshold: null,
    }
    const strict = { ...exact, ...gates, temperature: [0, 0.01], bestOf: 1 }
    const after = await model.transcribe(input, strict)
    const temperatures = new Map(after.segments.map(({ seek, temperature }) => [seek, temperature]))
    for (const { seek, avgLogprob } of before.segments) {
      expect(temperatures.get(seek)).toBe(avgLogprob < limit ? 0.01 : 0)
    }
    expect(new Set(temperatures.values()).size).toBe(2)
  })

  test('in which nothing is said are left out', async () => {
    const silent = { ...options, noSpeechThreshold: 0, logProbThreshold: 0 }
    expect((await model.transcribe(input, silent)).segments).toEqual([])
  })

  test('tell how far they are, and end at the end', async () => {
    const told: TranscribeProgress[] = []
    const onProgress = (progress: TranscribeProgress): number => told.push(progress)
    const { durationSeconds } = await model.transcribe(input, { ...options, onProgress })
    const heard = told.filter(({ phase }) => phase === 'transcribe').map(({ seconds }) => seconds)
    expect(heard.length).toBeGreaterThan(2)
    expect(heard).toEqual(heard.toSorted((a, b) => a - b))
    expect(told.at(0)?.phase).toBe('vad')
    expect(told.at(-1)).toEqual({
      phase: 'transcribe',
      seconds: durationSeconds,
      totalSeconds: durationSeconds,
    })
  })

  test('give nothing where nobody speaks', async () => {
    const samples = new Float32Array(16_000 * 20)
    const result = await model.transcribe({ samples, sampleRate: 16_000 }, options)
    expect(result).toMatchObject({ segments: [], speechSeconds: 0, durationSeconds: 20 })
    const none = { samples: new Float32Array(0), sampleRate: 16_000 }
    expect((await model.transcribe(none, { ...options, vad: false })).segments).toEqual([])
  })

  test('end with an abort, and what runs beside goes on', async () => {
    const controller = new AbortController()
    const reason = new Error('changed my mind')
    const aborted = model.transcribe(input, {
      ...options,
      signal: controller.signal,
      onProgress: ({ phase, seconds, totalSeconds }) => {
        if (phase === 'transcribe' && seconds < totalSeconds) controller.abort(reason)
      },
    })
    const [result, beside] = await Promise.allSettled([
      aborted,
      model.transcribe(input, options),
      model.transcribe(file, { beamSize: 1, temperature: 0 }),
    ])
    expect(result).toEqual({ status: 'rejected', reason })
    expect(beside?.status).toBe('fulfilled')
    expect((await model.transcribe(input, options)).segments.length).toBeGreaterThan(3)
  })

  test('stop when nobody reads on', async () => {
    for await (const { id } of model.segments(input, options)) {
      expect(id).toBe(0)
      break
    }
    expect((await model.transcribe(file, { beamSize: 1 })).text).toContain('your country')
  })

  test('refuse a sample that is no number', async () => {
    const samples = input.samples.slice()
    samples[300_000] = Infinity
    const broken = model.transcribe({ samples, sampleRate: 16_000 }, options)
    await expect(broken).rejects.toMatchObject({ code: 'ERR_CORRUPT' })
    await expect(broken).rejects.toThrow('sample 300000')
  })

  test('are not wanted by what only goes from window to window', async () => {
    const conditioned = model.transcribe(input, { ...options, conditionOnPreviousText: true })
    await expect(conditioned).rejects.toThrow('conditionOnPreviousText')
    const skipping = { ...options, wordTimestamps: true, hallucinationSilenceThreshold: 2 }
    await expect(model.transcribe(input, skipping)).rejects.toThrow('hallucinationSilenceThreshold')
  })

  test('that are a batch of files come as they finish, failures among them', async () => {
    const inputs: AudioInput[] = [file, 'no-such-file.flac', file]
    const items = []
    for await (const item of model.transcribeBatch(inputs, { beamSize: 1, temperature: 0 })) {
      items.push(item)
    }
    const sorted = items.toSorted((a, b) => a.index - b.index)
    expect(sorted.map(({ index, ok }) => [index, ok])).toEqual([
      [0, true],
      [1, false],
      [2, true],
    ])
    expect(sorted.map(({ input: each }) => each)).toEqual(inputs)
    expect(sorted[1]?.error).toMatchObject({ code: 'ERR_NOT_FOUND' })
    expect(sorted[0]?.value?.text).toContain('ask not what your country')
    expect(sorted[2]?.value?.text).toBe(sorted[0]?.value?.text)
  })

  test('a batch of files ends with the loop, and with an abort', async () => {
    for await (const { ok } of model.transcribeBatch([file, file, file], { beamSize: 1 })) {
      expect(ok).toBe(true)
      break
    }
    const reason = new Error('changed my mind')
    const aborted = model.transcribeBatch([file], { signal: AbortSignal.abort(reason) })
    await expect(aborted[Symbol.asyncIterator]().next()).rejects.toBe(reason)
    expect(() => model.transcribeBatch('file.flac')).toThrow(TypeError)
    expect(() => model.transcribeBatch([file], { beamSize: 0 })).toThrow(RangeError)
  })
})
