import { bindingIfAny } from '../load-binding.js'
import type { NativeAlignTokens } from '../load-binding.js'
import { dtw } from './dtw.js'
import type { WarpingPath } from './dtw.js'
import { medianFilter } from './median-filter.js'

/** What the alignment heads of a model looked at while it read [start of transcript …, no timestamps, text …, end of text]. */
export interface TokenAttention {
  /** One matrix [tokens, frames] for each head, after the softmax over frames. */
  readonly heads: readonly Float32Array[]
  readonly tokens: number
  /** Length of a row: encoder frames, of 20 ms. */
  readonly frames: number
}

/** What of the attention counts. */
export interface AlignmentRange {
  /** Encoder frames with audio in them; the rest is padding. */
  readonly usedFrames: number
  /** Tokens before the one that says "no timestamps". */
  readonly startLength: number
}

/** Frames that a median is of. */
const MEDIAN_WIDTH = 7

let native: NativeAlignTokens | undefined

/**
 * Which encoder frame each token is said in: row 0 of the path is the first text token's start (CTranslate2's `align`). By the addon where
 * there is one.
 */
export function alignTokens(attention: TokenAttention, range: AlignmentRange): WarpingPath {
  native ??= bindingIfAny()?.alignTokens ?? ((looks) => alignPlainly(looks, looks))
  return native({ ...attention, ...range })
}

/** The same in JavaScript. */
export function alignPlainly(attention: TokenAttention, range: AlignmentRange): WarpingPath {
  const { tokens, heads } = attention
  const columns = Math.min(range.usedFrames, attention.frames)
  const mean = new Float32Array(tokens * columns)
  for (const head of heads) {
    const cut = cutFrames(head, attention, columns)
    standardise(cut, tokens, columns)
    const filtered = medianFilter(cut, columns, MEDIAN_WIDTH)
    for (let at = 0; at < mean.length; at++) mean[at] = (mean[at] ?? 0) + (filtered[at] ?? 0)
  }
  // The token before each text token is the one that looked for it, so the last row, the end of text, looked for nothing.
  const rows = Math.max(0, tokens - 1 - range.startLength)
  const costs = mean.subarray(range.startLength * columns, (tokens - 1) * columns)
  return dtw(
    costs.map((sum) => -sum / heads.length),
    rows,
    columns,
  )
}

/** The first `columns` of each row, which sum to 1 again: what a softmax over them alone would have given. */
function cutFrames(
  head: Float32Array,
  { tokens, frames }: TokenAttention,
  columns: number,
): Float32Array {
  const cut = new Float32Array(tokens * columns)
  for (let token = 0; token < tokens; token++) {
    const [from, to] = [token * frames, token * columns]
    let sum = 0
    for (let at = 0; at < columns; at++) sum += head[from + at] ?? 0
    if (sum <= 0) continue
    for (let at = 0; at < columns; at++) cut[to + at] = (head[from + at] ?? 0) / sum
  }
  return cut
}

/** Gives each column mean 0 and standard deviation 1; one whose values are all equal becomes 0. */
function standardise(matrix: Float32Array, rows: number, columns: number): void {
  for (let column = 0; column < columns; column++) {
    let sum = 0
    for (let at = column; at < matrix.length; at += columns) sum += matrix[at] ?? 0
    const mean = sum / rows
    let squares = 0
    for (let at = column; at < matrix.length; at += columns) {
      const away = (matrix[at] ?? 0) - mean
      squares += away * away
    }
    const deviation = Math.sqrt(squares / rows)
    for (let at = column; at < matrix.length; at += columns) {
      matrix[at] = deviation > 0 ? ((matrix[at] ?? 0) - mean) / deviation : 0
    }
  }
}
