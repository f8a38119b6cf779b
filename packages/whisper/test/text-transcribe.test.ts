import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { roundHalfEven, roundTo } from '../src/python/round-half-even.js'
import { strip } from '../src/python/text.js'
import { ChunkCollector } from '../src/transcribe/collect-chunks.js'
import type { ChunkOptions } from '../src/transcribe/collect-chunks.js'
import type { SampleSpan } from '../src/transcribe/collect-chunks.js'
import { compressionRatio } from '../src/transcribe/compression-ratio.js'
import { joinSpans } from '../src/transcribe/join-spans.js'
import { chooseExhausted, needsFallback } from '../src/transcribe/needs-fallback.js'
import type { Quality } from '../src/transcribe/needs-fallback.js'
import { buildPrompt } from '../src/transcribe/prompt.js'
import { createTimeMap, restoreTimes } from '../src/transcribe/restore-times.js'
import { splitSegmentsByTimestamps } from '../src/transcribe/split-segments.js'
import { suppressedTokens } from '../src/transcribe/suppressed-tokens.js'
import { byteTokenizer } from './support/byte-tokenizer.js'

interface Golden {
  readonly compression: readonly { text: string; ratio: number }[]
  readonly split: readonly {
    tokens: number[]
    time_offset: number
    segment_size: number
    segment_duration: number
    seek: number
    segments: object[]
    new_seek: number
    single: boolean
  }[]
  readonly prompts: readonly {
    prefix: string | null
    hotwords: string | null
    previous: number
    first: number[]
    without: boolean
    prompt: number[]
  }[]
  readonly suppressed: readonly { given: number[]; tokens: number[] }[]
  readonly fallback: readonly {
    temperatures: number[]
    thresholds: [number | null, number | null, number | null]
    outcomes: Omit<Quality, 'temperature'>[]
    asked: number
    chosen: Quality
  }[]
  readonly restore: readonly {
    speech: SampleSpan[]
    times: { time: number; start: number; end: number }[]
    segments: {
      given: { start: number; end: number; words: [number, number][] | null }
      start: number
      end: number
      words: [number, number][] | null
    }[]
  }[]
  readonly chunks: readonly {
    speech: SampleSpan[]
    longest: number
    chunks: { offset: number; duration: number; length: number; ends: number[]; sum: number }[]
  }[]
  readonly rounding: { values: number[]; whole: number[]; two: number[]; three: number[] }
}

/** From faster-whisper: reference/text-transcribe.py. */
const golden = JSON.parse(
  readFileSync(new URL('golden/text-transcribe.json', import.meta.url), 'utf8'),
) as Golden

test('compression ratios are those of zlib in Python', () => {
  for (const { text, ratio } of golden.compression) expect(compressionRatio(text)).toBe(ratio)
})

test.each(golden.split)('tokens $tokens are cut into segments as faster-whisper does', (given) => {
  const split = splitSegmentsByTimestamps({
    tokens: given.tokens,
    timeOffset: given.time_offset,
    segmentSize: given.segment_size,
    segmentDuration: given.segment_duration,
    seek: given.seek,
    timestampBegin: 300,
  })
  expect(split.segments).toEqual(given.segments)
  expect(split.seek).toBe(given.new_seek)
  expect(split.singleTimestampEnding).toBe(given.single)
})

test('prompts are those of faster-whisper', () => {
  for (const { prefix, hotwords, previous, first, without, prompt } of golden.prompts) {
    const built = buildPrompt({
      tokenizer: byteTokenizer,
      language: 'en',
      task: 'transcribe',
      previousTokens: Array.from({ length: previous }, (_, at) => (first[0] ?? 0) + at),
      withoutTimestamps: without,
      prefix: prefix ?? undefined,
      hotwords: hotwords ?? undefined,
    })
    expect([...built.prompt, ...built.prefix]).toEqual(prompt)
  }
})

test('a prefix comes apart from what stands before it', () => {
  const common = { tokenizer: byteTokenizer, language: 'ja', previousTokens: [], prefix: ' So ' }
  const timed = buildPrompt({ ...common, task: 'translate', withoutTimestamps: false })
  expect(timed).toEqual({ prompt: [257, 259, 260], prefix: [300, 32, 83, 111] })
  const untimed = buildPrompt({ ...common, task: 'translate', withoutTimestamps: true })
  expect(untimed).toEqual({ prompt: [257, 259, 260, 299], prefix: [32, 83, 111] })
})

test.each(golden.suppressed)('suppressed tokens for $given', ({ given, tokens }) => {
  expect(suppressedTokens(byteTokenizer, given)).toEqual(tokens)
})

test('a suppressed token that the model does not have is refused', () => {
  expect(() => suppressedTokens(byteTokenizer, [-1, 1801])).toThrow('0 to 1800, or -1, not 1801')
})

test('temperatures are tried, and the result chosen, as faster-whisper does', () => {
  for (const { temperatures, thresholds, outcomes, asked, chosen } of golden.fallback) {
    const [compressionRatioThreshold, logProbThreshold, noSpeechThreshold] = thresholds
    const given = { compressionRatioThreshold, logProbThreshold, noSpeechThreshold }
    const tried = outcomes.map((outcome, at) => ({
      ...outcome,
      temperature: temperatures[at] ?? 0,
    }))
    const passed = tried.findIndex((outcome) => !needsFallback(outcome, given))
    expect(passed === -1 ? tried.length : passed + 1).toBe(asked)
    const taken = tried[passed] ?? chooseExhausted(tried, given)
    expect(taken.temperature).toBe(chosen.temperature)
    expect(taken.noSpeechProb).toBe(chosen.noSpeechProb)
    expect(taken.avgLogprob).toBeCloseTo(chosen.avgLogprob, 12)
    expect(taken.compressionRatio).toBe(chosen.compressionRatio)
  }
})

test('times of speech put together go back to times of the audio', () => {
  for (const { speech, times, segments } of golden.restore) {
    const map = createTimeMap(speech)
    for (const { time, start, end } of times) {
      expect(map.originalTime(time)).toBe(start)
      expect(map.originalTime(time, undefined, true)).toBe(end)
    }
    for (const { given, start, end, words } of segments) {
      const restored = restoreTimes(segmentOf(given), map)
      expect([restored.start, restored.end]).toEqual([start, end])
      expect(restored.words?.map((word) => [word.start, word.end])).toEqual(words ?? undefined)
    }
  }
})

function collectChunks(audio: Float32Array, speech: readonly SampleSpan[], options?: ChunkOptions) {
  const collector = new ChunkCollector(options)
  const chunks = [...speech.flatMap((span) => collector.push(span)), ...collector.finish()]
  return chunks.map((chunk) => ({ ...chunk, samples: joinSpans(audio, chunk.speech) }))
}

test('speech is put together into chunks as faster-whisper does', () => {
  const audio = Float32Array.from({ length: 2_000_000 }, (_, at) => at)
  for (const { speech, longest, chunks } of golden.chunks) {
    const collected = collectChunks(audio, speech, { maxDurationS: longest })
    expect(
      collected.map(({ samples, offset, duration }) => ({
        offset,
        duration,
        length: samples.length,
        ends: [samples[0], samples.at(-1)],
        sum: samples.reduce((sum, value) => sum + value, 0),
      })),
    ).toEqual(chunks)
    expect(collected.flatMap((chunk) => chunk.speech)).toEqual(speech)
  }
})

test('a stretch longer than a chunk has one of its own, and none is empty', () => {
  const speech = [
    { start: 0, end: 300 },
    { start: 400, end: 450 },
    { start: 460, end: 490 },
  ]
  const chunks = collectChunks(new Float32Array(500), speech, { maxDurationS: 1, sampleRate: 100 })
  expect(chunks.map(({ offset, duration }) => [offset, duration])).toEqual([
    [0, 3],
    [3, 0.8],
  ])
  expect(collectChunks(new Float32Array(500), [])).toEqual([])
})

test('numbers are rounded as Python rounds them', () => {
  const { values, whole, two, three } = golden.rounding
  expect(values.map((value) => roundHalfEven(value) + 0)).toEqual(whole)
  expect(values.map((value) => roundTo(value, 2))).toEqual(two)
  expect(values.map((value) => roundTo(value, 3))).toEqual(three)
})

test('text is stripped as Python strips it', () => {
  expect(strip('\u0085\u001c a\u3000')).toBe('a')
  expect(strip('\ufeffa\ufeff')).toBe('\ufeffa\ufeff')
})

function segmentOf(given: { start: number; end: number; words: [number, number][] | null }) {
  const words = given.words?.map(([start, end]) => ({ start, end, word: ' w', probability: 0.5 }))
  return {
    id: 0,
    start: given.start,
    end: given.end,
    text: '',
    tokens: [],
    seek: 0,
    avgLogprob: 0,
    compressionRatio: 0,
    noSpeechProb: 0,
    temperature: 0,
    ...(words === undefined ? {} : { words }),
  }
}
