import type { TranscribeOptions } from '@audiodecode/core'
import { beforeAll, describe, expect, test } from 'vitest'

import { jfkSamples, openModels, readGolden } from './support/golden-runs.js'
import { camelCase, expectSegments } from './support/golden-transcripts.js'
import type { GoldenTranscript } from './support/golden-transcripts.js'
import { modelFolder } from './support/models.js'

/** What faster-whisper says, by test/reference/transcribe.py. */
type Golden = GoldenTranscript<{ repeat?: number; silence?: number }>

const golden = readGolden<Golden>('transcribe.json')
const modelOf = openModels()
let jfk: Float32Array

beforeAll(async () => {
  jfk = await jfkSamples()
})

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
