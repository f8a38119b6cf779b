import { readFileSync } from 'node:fs'

import type { Segment, TranscriptionResult } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { formatTimestamp } from '../src/output/format-timestamp.js'
import type { SubtitleOptions } from '../src/output/subtitle-options.js'
import { toJson } from '../src/output/to-json.js'
import { toSrt } from '../src/output/to-srt.js'
import { toText } from '../src/output/to-text.js'
import { toTsv } from '../src/output/to-tsv.js'
import { toVtt } from '../src/output/to-vtt.js'

interface SnakeSegment {
  readonly id: number
  readonly seek: number
  readonly start: number
  readonly end: number
  readonly text: string
  readonly tokens: number[]
  readonly temperature: number
  readonly avg_logprob: number
  readonly compression_ratio: number
  readonly no_speech_prob: number
  readonly words?: { word: string; start: number; end: number; probability: number }[]
}
interface Golden {
  readonly cases: readonly {
    result: { text: string; segments: SnakeSegment[]; language: string }
    options: { max_line_width?: number; max_line_count?: number; highlight_words?: boolean }
    written: { srt: string; vtt: string; tsv: string; txt: string }
  }[]
  readonly times: readonly [seconds: number, vtt: string, srt: string][]
}

/** From OpenAI's whisper: reference/text-output.py. */
const golden = JSON.parse(
  readFileSync(new URL('golden/text-output.json', import.meta.url), 'utf8'),
) as Golden

test('every format is written as OpenAI writes it', () => {
  for (const { result, options, written } of golden.cases) {
    const given = resultOf(result)
    const layout = layoutOf(options)
    expect(toSrt(given, layout)).toBe(written.srt)
    expect(toVtt(given, layout)).toBe(written.vtt)
    expect(toTsv(given)).toBe(written.tsv)
    expect(toText(given)).toBe(written.txt)
    expect(JSON.parse(toJson(given))).toEqual({
      ...result,
      language_probability: 0.9,
      duration: 12,
    })
  }
})

test('times are written as OpenAI writes them', () => {
  for (const [seconds, vtt, srt] of golden.times) {
    expect(formatTimestamp(seconds, { alwaysHours: false, decimalMark: '.' })).toBe(vtt)
    expect(formatTimestamp(seconds, { alwaysHours: true, decimalMark: ',' })).toBe(srt)
  }
})

function resultOf(given: Golden['cases'][number]['result']): TranscriptionResult {
  return {
    text: given.text,
    segments: given.segments.map((segment) => segmentOf(segment)),
    language: given.language,
    languageProbability: 0.9,
    durationSeconds: 12,
    speechSeconds: 12,
    report: null,
  }
}

function segmentOf(segment: SnakeSegment): Segment {
  const { id, start, end, text, tokens, temperature, words } = segment
  return {
    id,
    start,
    end,
    text,
    tokens,
    temperature,
    seek: segment.seek / 100,
    avgLogprob: segment.avg_logprob,
    compressionRatio: segment.compression_ratio,
    noSpeechProb: segment.no_speech_prob,
    ...(words === undefined ? {} : { words }),
  }
}

function layoutOf(options: Golden['cases'][number]['options']): SubtitleOptions {
  return {
    ...(options.max_line_width === undefined ? {} : { maxLineWidth: options.max_line_width }),
    ...(options.max_line_count === undefined ? {} : { maxLineCount: options.max_line_count }),
    ...(options.highlight_words === undefined ? {} : { highlightWords: options.highlight_words }),
  }
}
