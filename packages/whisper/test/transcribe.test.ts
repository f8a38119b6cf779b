import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { load } from '@audiodecode/core'
import type { TranscribeOptions } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { WhisperModel } from '../src/index.js'
import { camelCase, expectSegments } from './support/golden-transcripts.js'
import type { GoldenTranscript } from './support/golden-transcripts.js'
import { modelFolder } from './support/models.js'

/** What faster-whisper says, by test/reference/transcribe.py. */
type Golden = GoldenTranscript<{ repeat?: number; silence?: number }>

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
      expect(result.language).toBe(expected.language)
      expect(result.languageProbability).toBeCloseTo(expected.languageProbability, 4)
      expect(result.speechSeconds).toBeCloseTo(expected.durationAfterVad, 6)
      expectSegments(result.segments, expected.segments)
    })
  },
)
