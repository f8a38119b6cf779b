import type { Window } from '../engine/speech-model.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import type { SplitSegment } from '../transcribe/split-segments.js'
import { addWordTimestamps } from './add-word-timestamps.js'
import type { TimedSegment, WordOptions } from './add-word-timestamps.js'
import { alignTokens } from './align-tokens.js'
import { findAlignment } from './find-alignment.js'
import type { WordTiming } from './find-alignment.js'

/** What the words of a window are timed with. */
export interface WordTimingRequest {
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
  timing: WordTimingRequest & Omit<WordOptions, 'eot'>,
): Promise<readonly TimedSegment[]> {
  const timings = await findWords(window, segments, timing)
  if (timings === null) return segments.map((segment) => ({ ...segment, words: [] }))
  const { eot } = timing.tokenizer.specials
  return addWordTimestamps(segments, timings, { ...timing, eot }).segments
}

/** The words of a window with the times that the model gives them; null when it has no text. */
export async function findWords(
  window: Window,
  segments: readonly SplitSegment[],
  { tokenizer, language, task, frames }: WordTimingRequest,
): Promise<readonly WordTiming[] | null> {
  const { eot, noTimestamps } = tokenizer.specials
  const text = segments.flatMap(({ tokens }) => tokens.filter((token) => token < eot))
  if (text.length === 0) return null
  const start = tokenizer.sotSequence(language, task)
  const read = await window.read({ start, noTimestamps, text, endOfText: eot })
  const path = alignTokens(
    { heads: read.heads, tokens: read.tokens, frames: read.positions },
    { usedFrames: Math.floor(frames / 2), startLength: start.length },
  )
  const { probabilities } = read
  return findAlignment({ tokenizer, language, textTokens: text, probabilities, path })
}
