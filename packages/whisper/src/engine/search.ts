import type { NextTokenScores } from './candidates.js'
import type { DecoderScores } from './decoder.js'
import type { GenerateOptions } from './generate-options.js'
import type { TokenRules } from './token-rules.js'

/** The tokens found for a window. */
export interface Hypothesis {
  /** Without prompt and end, with the prefix. */
  readonly tokens: readonly number[]
  /** Sum of the logarithms of the probabilities, the end's among them. */
  readonly sum: number
  /** `sum` over the number of tokens to the power of the length penalty. */
  readonly score: number
}

/** What the ways of searching have in common. */
export interface SearchTask {
  readonly rules: TokenRules
  readonly options: GenerateOptions
  /** Tokens that every hypothesis begins with. */
  readonly prefix: readonly number[]
  /** Most tokens of a hypothesis, prefix included. */
  readonly maxTokens: number
}

/** What the decoder says of the next token of each row of one window. */
export interface RowScores {
  next(row: number): NextTokenScores
  /** All logits; a copy. */
  logits(row: number): Float32Array
}

/** A row that goes on. */
export interface NextRow {
  /** Row of the step before that it goes on from. */
  readonly source: number
  readonly token: number
  /** Generated tokens, from the first on, that row `source` and the row that was in this place before are known to share. */
  readonly shared: number
}

/** Looks for the tokens of one window, step by step; who runs the decoder may run several windows together. */
export interface Search {
  /** Tokens of text that each row is to be told, at least. */
  readonly top: number
  /** Whether it looks at all logits. */
  readonly allLogits: boolean
  /** Takes what follows each of its rows, a single one the first time. Gives the rows that go on; none once it has found. */
  advance(scores: RowScores): readonly NextRow[]
  /** What was found, once no row goes on. */
  result(): Hypothesis
}

/** The rows of one window among those of a step: from `firstRow` on, behind the scored token `index`. */
export function rowScores(scores: DecoderScores, firstRow: number, index: number): RowScores {
  return {
    next: (row) => scores.next(firstRow + row, index),
    logits: (row) => scores.logits(firstRow + row, index),
  }
}
