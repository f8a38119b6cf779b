import type { Segment } from '@audiodecode/core'
import { expect } from 'vitest'

/** A segment of faster-whisper; `seek` in frames. */
export type GoldenSegment = Omit<Segment, 'id' | 'words'> & {
  readonly words: readonly (readonly [start: number, end: number, word: string, p: number])[] | null
}

/** What faster-whisper makes of samples with these options, under its names, and what the script adds to them. */
export interface GoldenTranscript<Added> {
  readonly model: 'base' | 'tiny.en'
  readonly options: Readonly<Record<string, unknown>> & Added
  readonly language: string
  readonly languageProbability: number
  readonly durationAfterVad: number
  readonly segments: readonly GoldenSegment[]
}

/** Options of faster-whisper in our names. */
export function camelCase(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      name === 'vad_parameters' ? camelCase(value as Record<string, unknown>) : value,
    ]),
  )
}

/** Tokens, texts and times are equal, scores to three decimals. */
export function expectSegments(
  found: readonly Segment[],
  expected: readonly GoldenSegment[],
): void {
  expect(found.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens))
  expect(found.map(({ text }) => text)).toEqual(expected.map(({ text }) => text))
  for (const [index, segment] of found.entries()) {
    const wanted = expected[index]
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
}
