import type { Window } from '../engine/speech-model.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import type { SplitSegment } from '../transcribe/split-segments.js'
import { addWordTimestamps } from './add-word-timestamps.js'
import type { TimedSegment, WordOptions } from './add-word-timestamps.js'
import { alignTokens } from './align-tokens.js'
import { findAlignment } from './find-alignment.js'

/** What the words of a window are timed with. */
export interface WordTiming extends Omit<WordOptions, 'eot'> {
  readonly tokenizer: Tokenizer
  readonly language: string
  readonly task: 'transcribe' | 'translate'
  /** Frames of 10 ms with audio in them. */
  readonly frames: number
}

/** Finds when the words of a window's segments are said; the segments take over their times. */
export async function timeWords(
  window: Window,
  segments: readonly SplitSegment[],
  timing: WordTiming,
): Promise<readonly TimedSegment[]> {
  const { tokenizer, language } = timing
  const { eot, noTimestamps } = tokenizer.specials
  const text = segments.flatMap(({ tokens }) => tokens.filter((token) => token < eot))
  if (text.length === 0) return segments.map((segment) => ({ ...segment, words: [] }))
  const start = tokenizer.sotSequence(language, timing.task)
  const read = await window.read({ start, noTimestamps, text, endOfText: eot })
  const path = alignTokens(
    { heads: read.heads, tokens: read.tokens, frames: read.positions },
    { usedFrames: Math.floor(timing.frames / 2), startLength: start.length },
  )
  const { probabilities } = read
  const timings = findAlignment({ tokenizer, language, textTokens: text, probabilities, path })
  return addWordTimestamps(segments, timings, { ...timing, eot }).segments
}
