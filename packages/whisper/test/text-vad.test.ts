import '@audiodecode/backend-rust'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { load } from '@audiodecode/core'
import type { VadParameters } from '@audiodecode/core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { SampleSpan } from '../src/transcribe/collect-chunks.js'
import { speechTimestamps } from '../src/vad/speech-timestamps.js'
import { VadModel } from '../src/vad/vad-model.js'
import { vadOptions } from '../src/vad/vad-options.js'

type SnakeOptions = Readonly<Record<string, number>>
interface Golden {
  readonly hear: readonly {
    name: string
    samples: number
    probabilities: number[]
    found: { options: SnakeOptions; speech: SampleSpan[] }[]
  }[]
  readonly decide: readonly {
    options: SnakeOptions
    samples: number
    probabilities: number[]
    speech: SampleSpan[]
  }[]
}

/** From faster-whisper: reference/text-vad.py. */
const golden = JSON.parse(
  readFileSync(new URL('golden/text-vad.json', import.meta.url), 'utf8'),
) as Golden

let model: VadModel
let speech: Float32Array
beforeAll(async () => {
  model = await VadModel.load()
  speech = await jfk()
})
afterAll(() => model.release())

test.each(golden.hear)('speech in "$name" is where faster-whisper hears it', async (given) => {
  const samples = audioOf(given.name)
  expect(samples).toHaveLength(given.samples)
  const probabilities = await model.probabilities(samples)
  expect(probabilities).toHaveLength(given.probabilities.length)
  const differences = given.probabilities.map((value, at) =>
    Math.abs(value - (probabilities[at] ?? Infinity)),
  )
  expect(Math.max(...differences)).toBeLessThan(1e-4)
  for (const { options, speech: spans } of given.found) {
    const found = speechTimestamps(probabilities, samples.length, vadOptions(camel(options)))
    expect(found).toEqual(spans)
  }
})

test('stretches are decided as in faster-whisper, whatever the probabilities', () => {
  for (const { options, samples, probabilities, speech: spans } of golden.decide) {
    const given = Float32Array.from(probabilities, (hundredths) => hundredths / 100)
    // Thresholds are doubles; equal ones must compare as equal.
    const exact = vadOptions(camel(options))
    const rounded = {
      ...exact,
      threshold: Math.fround(exact.threshold),
      negThreshold: Math.fround(exact.negThreshold),
    }
    expect(speechTimestamps(given, samples, rounded)).toEqual(spans)
  }
})

test('progress is told, and an abort is heard', async () => {
  const told: number[] = []
  const samples = new Float32Array(512 * 1500)
  await model.probabilities(samples, { onSamples: (done) => told.push(done) })
  expect(told).toHaveLength(6)
  expect(told.at(-1)).toBe(samples.length)
  const reason = new Error('enough')
  const aborted = model.probabilities(samples, { signal: AbortSignal.abort(reason) })
  await expect(aborted).rejects.toBe(reason)
})

test('a detector that is not there is an error that says what to do', async () => {
  const error = VadModel.load('/nowhere/silero-vad.onnx')
  await expect(error).rejects.toMatchObject({
    code: 'ERR_MODEL',
    input: '/nowhere/silero-vad.onnx',
  })
  await expect(error).rejects.toThrow('set vad to false')
})

/** As in reference/text-vad.py, number for number. */
async function jfk(): Promise<Float32Array> {
  const path = fileURLToPath(new URL('../../../fixtures/jfk.flac', import.meta.url))
  const { data, channels } = await load(path)
  expect(channels).toBe(2)
  const length = data.length / 2
  const mono = Float64Array.from(
    { length },
    (_, at) => ((data[at] ?? 0) + (data[length + at] ?? 0)) / 2,
  )
  return Float32Array.from({ length: Math.floor((length * 16_000) / 44_100) }, (_, index) => {
    const at = index * (44_100 / 16_000)
    const left = Math.floor(at)
    const first = mono[left] ?? 0
    return first + ((mono[Math.min(left + 1, length - 1)] ?? 0) - first) * (at - left)
  })
}

function audioOf(name: string): Float32Array {
  if (name === 'whole windows') return speech.slice(0, 512 * 200)
  if (name === 'tail') return speech.slice(0, 512 * 220 + 500)
  if (name === 'pauses') return withPauses()
  if (name === 'long') return join([withPauses(), speech, withPauses()])
  if (name === 'nothing') return noise(48_000)
  return name === 'short' ? speech.slice(16_000, 16_100) : speech
}

function withPauses(): Float32Array {
  const part = (start: number, end: number): Float32Array =>
    speech.subarray(Math.trunc(start * 16_000), Math.trunc(end * 16_000))
  const silence = (length: number): Float32Array => new Float32Array(length)
  const parts = [
    silence(20_000),
    part(0.3, 2.3),
    silence(11_000),
    part(3.2, 4.4),
    noise(45_000),
    part(5.3, 7.7),
    noise(3000),
    part(8.1, 10.6),
    silence(70_123),
    part(0.3, 0.7),
    noise(18_000),
  ]
  return join(parts)
}

function join(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((samples) => [...samples]))
}

function noise(length: number): Float32Array {
  let state = 1
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state / 2 ** 31 - 1) * 0.001
  })
}

function camel(options: SnakeOptions): VadParameters {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )
}
