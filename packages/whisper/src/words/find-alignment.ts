import type { Tokenizer } from '../tokenizer/tokenizer.js'
import type { WarpingPath } from './dtw.js'

/** A word with its tokens; times in seconds of the window. */
export interface WordTiming {
  readonly word: string
  readonly tokens: readonly number[]
  readonly start: number
  readonly end: number
  /** Mean of its tokens', 0 to 1. */
  readonly probability: number
}

/** What is aligned. */
export interface AlignedText {
  readonly tokenizer: Tokenizer
  readonly language: string
  readonly textTokens: readonly number[]
  /** Of each text token among all text tokens, 0 to 1. */
  readonly probabilities: ArrayLike<number>
  /** From `alignTokens`: its rows are the text tokens and the end of text. */
  readonly path: WarpingPath
}

/** Encoder frames in a second. */
const TOKENS_PER_SECOND = 50

/** When each word is said (faster-whisper's `find_alignment`). */
export function findAlignment(aligned: AlignedText): WordTiming[] {
  const { tokenizer, textTokens, probabilities } = aligned
  const { eot } = tokenizer.specials
  const { words, wordTokens } = tokenizer.splitToWordTokens([...textTokens, eot], aligned.language)
  const times = startTimes(aligned.path)
  const timings: WordTiming[] = []
  let first = 0
  // The last word is the end of text.
  for (const [index, tokens] of wordTokens.slice(0, -1).entries()) {
    const after = first + tokens.length
    const [start, end] = [times[first], times[after]]
    if (start === undefined || end === undefined) break
    const probability = mean(probabilities, first, after)
    timings.push({ word: words[index] ?? '', tokens, start, end, probability })
    first = after
  }
  return timings
}

/** Where the path comes to each row, in seconds. */
function startTimes({ rows, columns }: WarpingPath): number[] {
  const times: number[] = []
  for (const [step, row] of rows.entries()) {
    if (row !== rows[step - 1]) times.push((columns[step] ?? 0) / TOKENS_PER_SECOND)
  }
  return times
}

function mean(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at++) sum += values[at] ?? 0
  return sum / (to - from)
}
