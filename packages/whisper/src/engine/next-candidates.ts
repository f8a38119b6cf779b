import { highest, likeliest } from './candidates.js'
import type { Candidate } from './candidates.js'
import type { LogitOptions } from './score-logits.js'
import { scoreLogits } from './score-logits.js'
import type { Hypothesis, RowScores, SearchTask } from './search.js'
import { allowedTokens } from './token-rules.js'

/** Whether the condensed scores of the graph do not do. */
export function needsAllLogits(options: LogitOptions): boolean {
  return options.repetitionPenalty !== 1 || options.noRepeatNgramSize > 0
}

/** The `count` likeliest tokens behind those generated in a row, falling. */
export function nextCandidates(
  task: SearchTask,
  scores: RowScores,
  row: number,
  generated: readonly number[],
  count: number,
): readonly Candidate[] {
  const { rules, options, prefix } = task
  const allowed = allowedTokens(rules, generated, prefix)
  if (!needsAllLogits(options)) return likeliest(rules, allowed, scores.next(row), count)
  const logits = scores.logits(row)
  const logProbs = scoreLogits(rules, allowed, logits, generated, options, [
    ...prefix,
    ...generated,
  ])
  const candidates: Candidate[] = []
  for (const [id, logProb] of logProbs.entries()) {
    if (logProb > -Infinity) candidates.push({ id, logProb })
  }
  return highest(candidates, count)
}

/** A finished hypothesis, its score normalised as CTranslate2 does: the end counts in the sum, not in the length. */
export function scoreHypothesis(
  tokens: readonly number[],
  sum: number,
  lengthPenalty: number,
): Hypothesis {
  return { tokens, sum, score: sum / Math.max(1, tokens.length) ** lengthPenalty }
}
