import type { TranscribeOptions } from '@audiodecode/core'

import { byteTokenizer } from './byte-tokenizer.js'

const { timestampBegin } = byteTokenizer.specials

/** Tokens of a text between two timestamps; the second is at `end` seconds. */
export function said(text: string, end: number): readonly number[] {
  const stamp = (seconds: number): number => timestampBegin + Math.round(seconds / 0.02)
  return [stamp(0), ...byteTokenizer.encode(text), stamp(end)]
}

/** What is tried with short audio that is not heard well alone. */
export interface ShortAttempts {
  readonly name: string
  /** What is heard, in 500 frames and in 3000, with -0.2 for each token. */
  readonly text: string
  readonly options: TranscribeOptions
  readonly attempts: readonly (readonly [frames: number, temperature: number])[]
}

export const SHORT_ATTEMPTS: readonly ShortAttempts[] = [
  {
    name: 'what fails the thresholds of the caller is heard again as a whole window',
    text: ' ask not',
    options: { logProbThreshold: -0.1, noSpeechThreshold: null, temperature: [0, 0.5] },
    attempts: [
      [500, 0],
      [3000, 0],
      [3000, 0.5],
    ],
  },
  {
    name: 'other temperatures are tried with the whole window alone',
    text: ' no no no no no no no no no no no no no no no no no no no no no no no no no',
    options: {},
    attempts: [
      [500, 0],
      [3000, 0],
      [3000, 0.2],
      [3000, 0.4],
      [3000, 0.6],
      [3000, 0.8],
      [3000, 1],
    ],
  },
]
