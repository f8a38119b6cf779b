import { logSum, maximum } from './log-sum.js'
import type { AllowedTokens, TokenRules } from './token-rules.js'

/** Options that need every logit. */
export interface LogitOptions {
  /** Above 1 it makes tokens that have occurred less likely. */
  readonly repetitionPenalty: number
  /** Length of sequences that must not occur twice; 0 allows all. */
  readonly noRepeatNgramSize: number
}

/**
 * Logarithms of the probabilities of all tokens, those that may not come at -Infinity; written into `logits`. Repetition looks
 * at the tokens that `occurred`, the prefix among them.
 *
 * The plain way: for what the graph's condensed scores do not give (sampling, penalties), and the reference of `likeliest`.
 */
export function scoreLogits(
  rules: TokenRules,
  allowed: AllowedTokens,
  logits: Float32Array,
  generated: readonly number[],
  options: LogitOptions,
  occurred: readonly number[] = generated,
): Float32Array {
  const { endOfText, timestampBegin, vocabulary } = rules.ids
  penaliseRepetition(logits, occurred, options.repetitionPenalty)
  for (const id of repeatedNgrams(occurred, options.noRepeatNgramSize)) logits[id] = -Infinity
  const mask = generated.length === 0 ? rules.firstTextMask : rules.textMask
  for (let id = 0; id < endOfText; id++) {
    if (!allowed.text || mask[id] !== 0) logits[id] = -Infinity
  }
  for (let id = endOfText; id < timestampBegin; id++) {
    const isAllowed = id === endOfText ? allowed.endOfText : allowed.specials
    if (!isAllowed || rules.suppressedSpecials[id - endOfText] === 1) logits[id] = -Infinity
  }
  for (let id = timestampBegin; id < vocabulary; id++) {
    const step = id - timestampBegin
    if (step < allowed.timestampFrom || step >= allowed.timestampTo) logits[id] = -Infinity
  }
  if (allowed.timestampsMayWin) {
    const timestamps = logSum(logits, timestampBegin, vocabulary)
    if (timestamps > maximum(logits, 0, timestampBegin)) logits.fill(-Infinity, 0, timestampBegin)
  }
  const total = logSum(logits, 0, vocabulary)
  for (let id = 0; id < vocabulary; id++) logits[id] = (logits[id] ?? 0) - total
  return logits
}

/** As in the CTRL paper (Keskar et al. 2019, section 4.1), on each token once. */
function penaliseRepetition(
  logits: Float32Array,
  generated: readonly number[],
  penalty: number,
): void {
  if (penalty === 1) return
  for (const id of new Set(generated)) {
    const logit = logits[id] ?? 0
    logits[id] = logit < 0 ? logit * penalty : logit / penalty
  }
}

/** Tokens that would complete a sequence of `size` tokens that has occurred. */
function repeatedNgrams(generated: readonly number[], size: number): readonly number[] {
  if (size <= 0 || generated.length < size) return []
  const last = generated.slice(generated.length - size + 1)
  const found: number[] = []
  for (let start = 0; start + size <= generated.length; start++) {
    if (last.every((id, index) => generated[start + index] === id)) {
      found.push(generated[start + size - 1] ?? 0)
    }
  }
  return found
}
