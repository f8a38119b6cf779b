import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { load } from '@audiodecode/core'
import type { Segment, TranscribeOptions } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { WhisperModel } from '../src/index.js'
import { modelFolder } from './support/models.js'

/** What faster-whisper says, by test/reference/transcribe.py. */
interface Golden {
  readonly model: 'base' | 'tiny.en'
  readonly options: Readonly<Record<string, unknown>> & { repeat?: number; silence?: number }
  readonly language: string
  readonly languageProbability: number
  readonly durationAfterVad: number
  readonly segments: readonly (Omit<Segment, 'id' | 'words'> & {
    readonly words: readonly [number, number, string, number][] | null
  })[]
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const golden = JSON.parse(readFileSync(file('golden/transcribe.json'), 'utf8')) as Record<
  string,
  Golden
>
const models = new Map<string, WhisperModel>()
let jfk: Float32Array

beforeAll(async () => {
  jfk = (await load(file('data/jfk-16k.flac'))).data
})
afterAll(async () => {
  await Promise.all([...models.values()].map((model) => model.close()))
})

async function modelOf(name: 'base' | 'tiny.en'): Promise<WhisperModel> {
  const known = models.get(name)
  if (known !== undefined) return known
  const model = await WhisperModel.load(modelFolder(name) ?? '', { computeType: 'float32' })
  models.set(name, model)
  return model
}

function samplesOf({ repeat = 1, silence = 0 }: Golden['options']): Float32Array {
  const part = jfk.length + 16_000 * silence
  const samples = new Float32Array(repeat * part)
  for (let index = 0; index < repeat; index++) samples.set(jfk, index * part)
  return samples
}

/** faster-whisper's options in our names. */
function optionsOf(given: Golden['options']): TranscribeOptions {
  const { repeat: _, silence: __, clip_timestamps: clips, vad_filter: vad, ...rest } = given
  const named = camelCase(rest) as TranscribeOptions
  return {
    ...named,
    vad: vad === true,
    shortAudio: 'exact',
    conditionOnPreviousText: named.conditionOnPreviousText ?? true,
    ...(clips === undefined ? {} : { clipTimestamps: pairs(clips as number[]) }),
  }
}

function camelCase(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      name === 'vad_parameters' ? camelCase(value as Record<string, unknown>) : value,
    ]),
  )
}

function pairs(times: readonly number[]): { start: number; end: number }[] {
  return times
    .filter((_, index) => index % 2 === 0)
    .map((start, index) => ({ start, end: times[2 * index + 1] ?? Infinity }))
}

const missing = modelFolder('base') === undefined || modelFolder('tiny.en') === undefined

describe.skipIf(missing)(
  'the same samples give the tokens, times and scores of faster-whisper',
  () => {
    test.each(Object.entries(golden))('%s', { timeout: 120_000 }, async (_, expected) => {
      const model = await modelOf(expected.model)
      const samples = { samples: samplesOf(expected.options), sampleRate: 16_000 }
      const result = await model.transcribe(samples, optionsOf(expected.options))
      expect(result.segments.map(({ tokens }) => tokens)).toEqual(
        expected.segments.map(({ tokens }) => tokens),
      )
      expect(result.segments.map(({ text }) => text)).toEqual(
        expected.segments.map(({ text }) => text),
      )
      expect(result.language).toBe(expected.language)
      expect(result.languageProbability).toBeCloseTo(expected.languageProbability, 4)
      expect(result.speechSeconds).toBeCloseTo(expected.durationAfterVad, 6)
      for (const [index, segment] of result.segments.entries()) {
        const wanted = expected.segments[index]
        if (wanted === undefined) throw new RangeError('there are more segments')
        expect(segment.id).toBe(index)
        expect(segment.start).toBeCloseTo(wanted.start, 6)
        expect(segment.end).toBeCloseTo(wanted.end, 6)
        expect(segment.seek).toBeCloseTo(wanted.seek / 100, 6)
        expect(segment.avgLogprob).toBeCloseTo(wanted.avgLogprob, 3)
        expect(segment.noSpeechProb).toBeCloseTo(wanted.noSpeechProb, 3)
        expect(segment.compressionRatio).toBeCloseTo(wanted.compressionRatio, 6)
        expect(segment.temperature).toBe(wanted.temperature)
        expect(segment.words?.map(({ word, start, end }) => [start, end, word])).toEqual(
          wanted.words?.map(([start, end, word]) => [start, end, word]),
        )
        for (const [at, { probability }] of (segment.words ?? []).entries()) {
          expect(probability).toBeCloseTo(wanted.words?.[at]?.[3] ?? 0, 3)
        }
      }
    })
  },
)
