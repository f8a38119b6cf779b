import { expect, test } from 'vitest'

import { draw } from './draw-samples.js'
import { scoreLogits } from './score-logits.js'
import { seededRandom } from './seeded-random.js'
import { allowedTokens, createTokenRules } from './token-rules.js'

const ids = {
  endOfText: 4,
  startOfTranscript: 5,
  noSpeech: 5,
  noTimestamps: 6,
  timestampBegin: 7,
  vocabulary: 8,
}
const rules = createTokenRules(ids, {
  timestamps: false,
  maxInitialTimestamp: 0,
  suppress: [],
  suppressFirst: [],
})

function probabilities(
  logits: readonly number[],
  generated: readonly number[],
  options: object,
): number[] {
  const allowed = { ...allowedTokens(rules, generated), specials: false }
  const all = { repetitionPenalty: 1, noRepeatNgramSize: 0, ...options }
  const scores = scoreLogits(
    rules,
    allowed,
    Float32Array.from([...logits, -9, -9, -9]),
    generated,
    all,
  )
  return [...scores.subarray(0, 5)].map((logProb) => Math.exp(logProb))
}

test('a penalty for repetition divides positive logits and multiplies negative ones, once for each token', () => {
  const [a = 0, b = 0, c = 0] = probabilities([2, -2, 0, -99, -99], [0, 0, 1], {
    repetitionPenalty: 2,
  })
  expect(Math.log(a / c)).toBeCloseTo(1, 5)
  expect(Math.log(b / c)).toBeCloseTo(-4, 5)
})

test('a sequence that has occurred is not completed again', () => {
  const found = probabilities([1, 1, 1, 1, 1], [0, 1, 2, 0, 1], { noRepeatNgramSize: 3 })
  expect(found[2]).toBe(0)
  for (const id of [0, 1, 3, 4]) expect(found[id]).toBeCloseTo(0.25, 2)
})

test('tokens are drawn as often as their tempered probabilities say', () => {
  const logProbs = Float32Array.from([0.5, 0.3, 0.2], Math.log)
  const random = seededRandom(1)
  const counts = [0, 0, 0]
  const draws = 20_000
  for (let index = 0; index < draws; index++) {
    const id = draw(logProbs, 0.5, random())
    counts[id] = (counts[id] ?? 0) + 1
  }
  // At temperature 0.5 the probabilities are squared.
  const total = 0.25 + 0.09 + 0.04
  for (const [id, share] of [0.25, 0.09, 0.04].entries()) {
    expect((counts[id] ?? 0) / draws).toBeCloseTo(share / total, 1.7)
  }
})

test('what cannot come is never drawn', () => {
  const logProbs = Float32Array.from([-Infinity, 0, -Infinity])
  for (const uniform of [0, 0.5, 1 - 2 ** -53]) expect(draw(logProbs, 1, uniform)).toBe(1)
})

test('the same seed gives the same numbers, spread evenly from 0 to below 1', () => {
  const numbers = (seed: number): number[] => {
    const random = seededRandom(seed)
    return Array.from({ length: 10_000 }, random)
  }
  expect(numbers(7)).toEqual(numbers(7))
  expect(numbers(7)).not.toEqual(numbers(8))
  expect(numbers(7).every((each) => each >= 0 && each < 1)).toBe(true)
  expect(numbers(7).reduce((sum, each) => sum + each, 0) / 10_000).toBeCloseTo(0.5, 1.7)
})
