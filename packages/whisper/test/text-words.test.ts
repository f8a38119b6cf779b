import { readFileSync } from 'node:fs'

import type { Word } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { splitToWordTokens } from '../src/tokenizer/split-words.js'
import type { Tokenizer } from '../src/tokenizer/tokenizer.js'
import { splitSegmentsByTimestamps } from '../src/transcribe/split-segments.js'
import { addWordTimestamps } from '../src/words/add-word-timestamps.js'
import type { TimedSegment } from '../src/words/add-word-timestamps.js'
import { alignTokens } from '../src/words/align-tokens.js'
import { dtw } from '../src/words/dtw.js'
import { findAlignment } from '../src/words/find-alignment.js'
import type { WordTiming } from '../src/words/find-alignment.js'
import { medianFilter } from '../src/words/median-filter.js'
import { mergePunctuations } from '../src/words/merge-punctuations.js'
import { lastWordEnd, seekAfterWords } from '../src/words/seek-after-words.js'
import { skipHallucinations } from '../src/words/skip-hallucinations.js'
import { byteTokenizer } from './support/byte-tokenizer.js'

type PlainWord = readonly [word: string, start: number, end: number, probability: number]
interface PlainSegment {
  readonly start: number
  readonly end: number
  readonly words: readonly PlainWord[]
}
interface Golden {
  readonly filters: readonly {
    columns: number
    width: number
    rows: number[][]
    filtered: number[][]
  }[]
  readonly warping: readonly { costs: number[][]; path: [number, number][] }[]
  readonly align: readonly {
    tokens: number
    frames: number
    used: number
    heads: number
    rows: number[]
    columns: number[]
  }[]
  readonly merging: readonly { words: string[]; merged: string[]; tokens: number[][] }[]
  readonly timings: readonly {
    segments: { seek: number; start: number; end: number; tokens: number[] }[]
    rows: number[]
    columns: number[]
    probabilities: number[]
    last: number
    alignment: PlainWord[]
    timed: PlainSegment[]
    spoken: number
  }[]
  readonly loop: readonly {
    frames: number
    threshold: number
    generated: number[][]
    windows: PlainSegment[][]
    seeks: number[]
    found: [seek: number, start: number, end: number][]
  }[]
}

/** From faster-whisper: reference/text-words.py. */
const golden = JSON.parse(
  readFileSync(new URL('golden/text-words.json', import.meta.url), 'utf8'),
) as Golden

const prependPunctuations = '"\'“¿([{-'
const appendPunctuations = '"\'.。,，!！?？:：”)]}、'
const tokenizer: Tokenizer = {
  ...byteTokenizer,
  splitToWordTokens: (tokens, language) =>
    splitToWordTokens(tokens, language, { ...byteTokenizer, eot: byteTokenizer.specials.eot }),
}

test('medians are those of rows with mirrored ends', () => {
  for (const { columns, width, rows, filtered } of golden.filters) {
    const found = medianFilter(Float32Array.from(rows.flat()), columns, width)
    expect([...found]).toEqual(filtered.flat())
  }
})

test('the way through a matrix is that of OpenAI, of equal ways too', () => {
  for (const { costs, path } of golden.warping) {
    const found = dtw(Float32Array.from(costs.flat()), costs.length, costs[0]?.length ?? 0)
    expect([...found.rows].map((row, at) => [row, found.columns[at]])).toEqual(path)
  }
})

test('tokens are aligned as by a softmax over the used frames alone', () => {
  for (const { tokens, frames, used, heads, rows, columns } of golden.align) {
    const attention = Array.from({ length: heads }, (_, head) => attentionOf(head, tokens, frames))
    const path = alignTokens(
      { heads: attention, tokens, frames },
      { usedFrames: used, startLength: 3 },
    )
    expect([...path.rows]).toEqual(rows)
    expect([...path.columns]).toEqual(columns)
  }
})

test('punctuation is joined to words as faster-whisper does', () => {
  for (const { words, merged, tokens } of golden.merging) {
    const given = words.map((word, at) => ({ word, tokens: [at] }))
    const found = mergePunctuations(given, prependPunctuations, appendPunctuations)
    expect(found.map(({ word }) => word)).toEqual(merged)
    expect(found.map((word) => word.tokens)).toEqual(tokens)
  }
})

test('words have the times and probabilities that faster-whisper gives them', () => {
  for (const given of golden.timings) {
    const found = align(given)
    expect(found.map(({ word, start, end }) => [word, start, end])).toEqual(
      given.alignment.map(([word, start, end]) => [word, start, end]),
    )
    for (const [at, { probability }] of found.entries()) {
      expect(probability).toBeCloseTo(given.alignment[at]?.[3] ?? -1, 12)
    }
  }
})

test('words and segments fit each other as in faster-whisper', () => {
  for (const given of golden.timings) {
    const { segments, lastSpeechTimestamp } = addWordTimestamps(given.segments, align(given), {
      prependPunctuations,
      appendPunctuations,
      lastSpeechTimestamp: given.last,
      eot: 256,
    })
    expect(segments.map((segment) => times(segment))).toEqual(
      given.timed.map((segment) => times({ ...segment, words: segment.words.map(toWord) })),
    )
    expect(lastSpeechTimestamp).toBe(given.spoken)
  }
})

test('windows go on, and hallucinations are skipped, as in faster-whisper', () => {
  for (const { frames, threshold, generated, windows, seeks, found } of golden.loop) {
    const heard: number[] = []
    const kept: [number, number, number][] = []
    let seek = 0
    let lastSpeechTimestamp = 0
    for (const [at, tokens] of generated.entries()) {
      heard.push(seek)
      const segmentSize = Math.min(3000, frames - seek)
      const timeOffset = seek * 0.01
      const segmentDuration = segmentSize * 0.01
      const split = splitSegmentsByTimestamps({
        tokens,
        timeOffset,
        segmentSize,
        segmentDuration,
        seek,
        timestampBegin: 300,
      })
      const timed = split.segments.map((segment, index): TimedSegment => {
        const { start, end, words } = windows[at]?.[index] ?? { start: 0, end: 0, words: [] }
        return { ...segment, start, end, words: words.map(toWord) }
      })
      const result = skipHallucinations({
        segments: timed,
        threshold,
        lastSpeechTimestamp,
        previousSeek: seek,
        timeOffset,
        segmentDuration,
        windowEndTime: (seek + 3000) * 0.01,
        contentFrames: frames,
        contentDuration: frames * 0.01,
        seek: seekAfterWords(timed, { ...split, timeOffset }),
      })
      if (!result.again) {
        lastSpeechTimestamp = lastWordEnd(result.segments) ?? lastSpeechTimestamp
        for (const { start, end, tokens: text } of result.segments) {
          if (start !== end && byteTokenizer.decode(text) !== '') kept.push([seek, start, end])
        }
      }
      ;({ seek } = result)
    }
    expect(heard).toEqual(seeks)
    expect(kept).toEqual(found)
  }
})

function align(given: Golden['timings'][number]): WordTiming[] {
  const textTokens = given.segments.flatMap(({ tokens }) => tokens.filter((token) => token < 256))
  const path = { rows: Int32Array.from(given.rows), columns: Int32Array.from(given.columns) }
  const { probabilities } = given
  return findAlignment({ tokenizer, language: 'en', textTokens, probabilities, path })
}

function attentionOf(head: number, tokens: number, frames: number): Float32Array {
  const attention = new Float32Array(tokens * frames)
  for (let token = 0; token < tokens; token++) {
    const weights = Array.from({ length: frames }, (_, frame) => {
      const distance = token / tokens - frame / frames
      const wave = Math.sin(3.1 * head + 1.7 * token + 0.9 * frame + 0.013 * token * frame)
      return Math.exp(-40 * distance * distance + wave)
    })
    const sum = weights.reduce((total, weight) => total + weight, 0)
    attention.set(
      weights.map((weight) => weight / sum),
      token * frames,
    )
  }
  return attention
}

function toWord([word, start, end, probability]: PlainWord): Word {
  return { word, start, end, probability }
}

function times({ start, end, words }: { start: number; end: number; words: readonly Word[] }) {
  return { start, end, words: words.map((word) => [word.word, word.start, word.end]) }
}
