import { addLogs, logSum } from './log-sum.js'
import type { AllowedTokens, TokenRules } from './token-rules.js'

/** A token that may come next. */
export interface Candidate {
  readonly id: number
  /** Natural logarithm of its probability among the allowed tokens. */
  readonly logProb: number
}

/** What a step of the decoder says of the next token of one row, as the graph condenses it. */
export interface NextTokenScores {
  /** Highest masked logits of text, falling, and whose they are. */
  readonly textValues: Float32Array
  readonly textIds: ArrayLike<number | bigint>
  /** Logarithm of the sum of the exponentials of all masked text logits. */
  readonly textLogSum: number
  /** Logits from the end of text on. */
  readonly tail: Float32Array
}

/**
 * The `count` likeliest tokens, falling. The text logits were masked in the graph, with `firstTextMask` for the first token.
 * Exact: `textValues` only have to hold `count` of them.
 */
export function likeliest(
  rules: TokenRules,
  allowed: AllowedTokens,
  scores: NextTokenScores,
  count: number,
): readonly Candidate[] {
  const { textValues, textIds, textLogSum, tail } = scores
  const { endOfText, timestampBegin } = rules.ids
  const offset = timestampBegin - endOfText
  const timestampLogSum = logSum(tail, offset + allowed.timestampFrom, offset + allowed.timestampTo)

  const best: Candidate[] = []
  let othersLogSum = -Infinity
  if (allowed.text) {
    othersLogSum = textLogSum
    const length = Math.min(count, textValues.length)
    for (let index = 0; index < length; index++) {
      insert(best, count, Number(textIds[index]), textValues[index] ?? -Infinity)
    }
  }
  for (let index = 0; index < offset; index++) {
    const isAllowed = index === 0 ? allowed.endOfText : allowed.specials
    if (!isAllowed || rules.suppressedSpecials[index] === 1) continue
    const logit = tail[index] ?? -Infinity
    othersLogSum = addLogs(othersLogSum, logit)
    insert(best, count, endOfText + index, logit)
  }
  let total = othersLogSum
  if (timestampLogSum > -Infinity) {
    const likeliestOther = best[0]?.logProb ?? -Infinity
    if (allowed.timestampsMayWin && timestampLogSum > likeliestOther) {
      total = timestampLogSum
      best.length = 0
    } else {
      total = addLogs(othersLogSum, timestampLogSum)
    }
    for (let step = allowed.timestampFrom; step < allowed.timestampTo; step++) {
      insert(best, count, timestampBegin + step, tail[offset + step] ?? -Infinity)
    }
  }
  return best.map(({ id, logProb }) => ({ id, logProb: logProb - total }))
}

/** The `count` highest, falling; of equal ones the lower id first. */
export function highest(candidates: readonly Candidate[], count: number): readonly Candidate[] {
  const best: Candidate[] = []
  for (const { id, logProb } of candidates) insert(best, count, id, logProb)
  return best
}

/** Puts a candidate in its place among the `count` best ones; nearly all of thousands find none. */
function insert(best: Candidate[], count: number, id: number, logProb: number): void {
  const last = best[count - 1]
  if (last !== undefined && !isBefore(id, logProb, last)) return
  let place = Math.min(best.length, count - 1)
  for (; place > 0; place--) {
    const before = best[place - 1]
    if (before === undefined || !isBefore(id, logProb, before)) break
    best[place] = before
  }
  best[place] = { id, logProb }
}

function isBefore(id: number, logProb: number, other: Candidate): boolean {
  return logProb > other.logProb || (logProb === other.logProb && id < other.id)
}
