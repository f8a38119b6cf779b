import type { TranscribeOptions } from '@audiodecode/core'
import { beforeAll, describe, expect, test } from 'vitest'

import { jfkSamples, openModels, readGolden } from './support/golden-runs.js'
import { camelCase, expectSegments } from './support/golden-transcripts.js'
import type { GoldenTranscript } from './support/golden-transcripts.js'
import { modelFolder } from './support/models.js'

/** What BatchedInferencePipeline of faster-whisper says, by test/reference/batched.py. */
type Golden = GoldenTranscript<{ readonly parts: readonly [number, number][]; silence: number }>

const golden = readGolden<Golden>('batched.json')
// Two workers, so that chunks come back in another order than they went out.
const modelOf = openModels((name) => ({ workers: name === 'base' ? 1 : 2 }))
let jfk: Float32Array

beforeAll(async () => {
  jfk = await jfkSamples()
})

function samplesOf({ parts, silence }: Golden['options']): Float32Array {
  const pieces = parts.flatMap(([from, to]) => [
    new Float32Array(Math.round(16_000 * silence)),
    jfk.subarray(Math.round(16_000 * from), Math.round(16_000 * to)),
  ])
  const samples = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    samples.set(piece, at)
    at += piece.length
  }
  return samples
}

/** faster-whisper's options in our names; its pipeline leaves timestamps out unless told otherwise. */
function optionsOf(given: Golden['options']): TranscribeOptions {
  const { parts: _, silence: __, vad_filter: vad, ...rest } = given
  return { withoutTimestamps: true, shortAudio: 'exact', ...camelCase(rest), vad: vad !== false }
}

const missing = modelFolder('base') === undefined || modelFolder('tiny.en') === undefined

describe.skipIf(missing)(
  'chunks decoded together give the tokens, times and scores of BatchedInferencePipeline',
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
