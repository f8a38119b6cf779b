import type { Window } from '../engine/speech-model.js'
import { strip } from '../python/text.js'
import type { Tokenizer } from '../tokenizer/tokenizer.js'
import type { WordTiming } from '../words/find-alignment.js'
import { findWords } from '../words/time-words.js'
import { compressionRatio } from './compression-ratio.js'
import type { Outcome } from './generate-with-fallback.js'
import { isSilent } from './needs-fallback.js'
import type { ResolvedOptions } from './options.js'
import type { AudioChunk } from './plan-chunks.js'
import { splitSegmentsByTimestamps } from './split-segments.js'
import type { SplitSegment } from './split-segments.js'

/** A part of what was heard; times in seconds of all chunks put together. */
export interface HeardSegment extends SplitSegment {
  readonly text: string
  readonly compressionRatio: number
}

/** What was heard in a chunk: plain data. */
export interface HeardChunk extends Pick<Outcome, 'avgLogprob' | 'noSpeechProb' | 'temperature'> {
  readonly index: number
  /** Empty when nothing is said. */
  readonly segments: readonly HeardSegment[]
  /** With word timestamps; in seconds of the chunk. */
  readonly words: readonly WordTiming[] | null
}

/** What a chunk's tokens are read with. */
export interface ChunkReading {
  readonly tokenizer: Tokenizer
  readonly options: ResolvedOptions
  readonly language: string
}

/** Splits what was decoded of a chunk into segments, with the times of their words when they are wanted. */
export async function understandChunk(
  window: Window,
  outcome: Outcome,
  { tokenizer, options, language }: ChunkReading,
  { index, offset, duration }: AudioChunk,
): Promise<HeardChunk> {
  const { avgLogprob, noSpeechProb, temperature } = outcome
  const heard = { index, avgLogprob, noSpeechProb, temperature, words: null }
  if (isSilent(outcome, options)) return { ...heard, segments: [] }
  const frames = 100 * Math.ceil(duration)
  const split = splitSegmentsByTimestamps({
    tokens: outcome.tokens,
    timeOffset: offset,
    segmentSize: frames,
    segmentDuration: duration,
    seek: Math.trunc(offset * 100),
    timestampBegin: tokenizer.specials.timestampBegin,
  })
  const segments = split.segments.map((segment) => {
    const text = tokenizer.decode(segment.tokens)
    return { ...segment, text, compressionRatio: compressionRatio(text) }
  })
  const said = segments.filter(({ text, tokens }) => strip(text) !== '' && tokens.length > 0)
  if (!options.wordTimestamps) return { ...heard, segments: said }
  const timing = { tokenizer, language, task: options.task, frames }
  return { ...heard, segments: said, words: await findWords(window, said, timing) }
}
