import type { Word } from '@audiodecode/core'

import { roundTo } from '../python/round-half-even.js'
import type { SplitSegment } from '../transcribe/split-segments.js'
import type { WordTiming } from './find-alignment.js'
import { fitWords } from './fit-words.js'
import { mergePunctuations } from './merge-punctuations.js'
import { cutLongWords, usualDurations } from './word-durations.js'

/** A part of a window with its words; times in seconds. */
export interface TimedSegment extends SplitSegment {
  readonly words: readonly Word[]
}

/** How words are put to segments. */
export interface WordOptions {
  readonly prependPunctuations: string
  readonly appendPunctuations: string
  /** When something was said last, in seconds. */
  readonly lastSpeechTimestamp: number
  /** Lower ids are text. */
  readonly eot: number
}

/** Frames in a second. */
const FRAMES_PER_SECOND = 100

/**
 * Gives the words of a window to its segments, which take over their times (faster-whisper's `add_word_timestamps`). `timings`
 * are those of the text tokens of all segments in a row.
 */
export function addWordTimestamps(
  segments: readonly SplitSegment[],
  timings: readonly WordTiming[],
  options: WordOptions,
): { readonly segments: readonly TimedSegment[]; readonly lastSpeechTimestamp: number } {
  const usual = usualDurations(timings)
  const merged = mergePunctuations(
    cutLongWords(timings, usual),
    options.prependPunctuations,
    options.appendPunctuations,
  )
  const timeOffset = (segments[0]?.seek ?? 0) / FRAMES_PER_SECOND
  let { lastSpeechTimestamp } = options
  let next = 0
  const timed = segments.map((segment): TimedSegment => {
    const length = segment.tokens.filter((token) => token < options.eot).length
    const taken = takeWords(merged, next, length)
    next += taken.length
    const fitted = fitWords(segment, toWords(taken, timeOffset), usual, lastSpeechTimestamp)
    if (fitted.words.length > 0) lastSpeechTimestamp = fitted.end
    return { ...segment, ...fitted }
  })
  return { segments: timed, lastSpeechTimestamp }
}

/** The words from `first` on until they hold `length` tokens. */
function takeWords(words: readonly WordTiming[], first: number, length: number): WordTiming[] {
  const taken: WordTiming[] = []
  let saved = 0
  for (let at = first; saved < length; at++) {
    const word = words[at]
    if (word === undefined) break
    taken.push(word)
    saved += word.tokens.length
  }
  return taken
}

function toWords(timings: readonly WordTiming[], timeOffset: number): Word[] {
  return timings
    .filter(({ word }) => word !== '')
    .map(({ word, start, end, probability }) => ({
      start: roundTo(timeOffset + start, 2),
      end: roundTo(timeOffset + end, 2),
      word,
      probability,
    }))
}
