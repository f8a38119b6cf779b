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

  const others: Candidate[] = []
  if (allowed.text) {
    const length = Math.min(count, textValues.length)
    for (let index = 0; index < length; index++) {
      others.push({ id: Number(textIds[index]), logProb: textValues[index] ?? -Infinity })
    }
  }
  let othersLogSum = allowed.text ? textLogSum : -Infinity
  for (let index = 0; index < offset; index++) {
    const isAllowed = index === 0 ? allowed.endOfText : allowed.specials
    if (!isAllowed || rules.suppressedSpecials[index] === 1) continue
    const logit = tail[index] ?? -Infinity
    othersLogSum = addLogs(othersLogSum, logit)
    others.push({ id: endOfText + index, logProb: logit })
  }
  let total = othersLogSum
  let candidates = others
  if (timestampLogSum > -Infinity) {
    const best = others.reduce((most, { logProb }) => Math.max(most, logProb), -Infinity)
    if (allowed.timestampsMayWin && timestampLogSum > best) {
      total = timestampLogSum
      candidates = []
    } else {
      total = addLogs(othersLogSum, timestampLogSum)
    }
    for (let step = allowed.timestampFrom; step < allowed.timestampTo; step++) {
      candidates.push({ id: timestampBegin + step, logProb: tail[offset + step] ?? -Infinity })
    }
  }
  return highest(candidates, count).map(({ id, logProb }) => ({ id, logProb: logProb - total }))
}

/** The `count` highest, falling; of equal ones the lower id first. */
export function highest(candidates: readonly Candidate[], count: number): readonly Candidate[] {
  if (count === 1) {
    let best = candidates[0]
    if (best === undefined) return []
    for (const candidate of candidates) if (isBefore(candidate, best)) best = candidate
    return [best]
  }
  return [...candidates].sort((a, b) => (isBefore(a, b) ? -1 : 1)).slice(0, count)
}

function isBefore(a: Candidate, b: Candidate): boolean {
  return a.logProb > b.logProb || (a.logProb === b.logProb && a.id < b.id)
}
