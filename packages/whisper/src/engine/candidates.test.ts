import fc from 'fast-check'
import { expect, test } from 'vitest'

import { likeliest } from './candidates.js'
import type { NextTokenScores } from './candidates.js'
import { scoreLogits } from './score-logits.js'
import { seededRandom } from './seeded-random.js'
import type { SpecialIds } from './special-ids.js'
import { allowedTokens, createTokenRules } from './token-rules.js'
import type { TokenRules } from './token-rules.js'

/** A small vocabulary: 40 of text, the end, 9 specials, 30 timestamps. */
const ids: SpecialIds = {
  endOfText: 40,
  startOfTranscript: 41,
  noSpeech: 48,
  noTimestamps: 49,
  timestampBegin: 50,
  vocabulary: 80,
}

/** What the graph condenses logits to. */
function condense(logits: Float32Array, mask: Float32Array, top: number): NextTokenScores {
  const text = [...mask].map((masked, id) => Math.fround((logits[id] ?? 0) + masked))
  const order = text.map((_, id) => id).sort((a, b) => (text[b] ?? 0) - (text[a] ?? 0) || a - b)
  const most = Math.max(...text)
  return {
    textValues: Float32Array.from(order.slice(0, top), (id) => text[id] ?? 0),
    textIds: BigInt64Array.from(order.slice(0, top), BigInt),
    textLogSum: most + Math.log(text.reduce((sum, logit) => sum + Math.exp(logit - most), 0)),
    tail: logits.slice(ids.endOfText),
  }
}

/** The likeliest tokens of the plain way. */
function plainly(rules: TokenRules, generated: readonly number[], logits: Float32Array) {
  const options = { repetitionPenalty: 1, noRepeatNgramSize: 0 }
  const allowed = allowedTokens(rules, generated)
  const scores = scoreLogits(rules, allowed, logits.slice(), generated, options)
  return [...scores]
    .map((logProb, id) => ({ id, logProb }))
    .filter(({ logProb }) => logProb > -Infinity)
    .sort((a, b) => b.logProb - a.logProb || a.id - b.id)
}

test('what the graph condenses gives the same tokens as all logits do', () => {
  const token = fc.oneof(fc.integer({ min: 0, max: 39 }), fc.integer({ min: 50, max: 79 }))
  const cases = fc.record({
    seed: fc.integer(),
    generated: fc.array(token, { maxLength: 6 }),
    timestamps: fc.boolean(),
    suppress: fc.array(fc.integer({ min: 0, max: 49 }), { maxLength: 8 }),
    count: fc.integer({ min: 1, max: 10 }),
    favour: fc.integer({ min: -6, max: 6 }),
  })
  fc.assert(
    fc.property(cases, ({ seed, generated, timestamps, suppress, count, favour }) => {
      const random = seededRandom(seed)
      const logits = Float32Array.from(
        { length: ids.vocabulary },
        (_, id) => 10 * random() + (id >= ids.timestampBegin ? favour : 0),
      )
      const rules = createTokenRules(ids, {
        timestamps,
        maxInitialTimestamp: 5,
        suppress,
        suppressFirst: [7, ids.endOfText],
      })
      const mask = generated.length === 0 ? rules.firstTextMask : rules.textMask
      const found = likeliest(
        rules,
        allowedTokens(rules, generated),
        condense(logits, mask, 10),
        count,
      )
      const expected = plainly(rules, generated, logits).slice(0, count)
      // Suppressed tokens of text are never proposed where others are left.
      const possible = found.filter(({ logProb }) => logProb > -1e20)
      expect(possible.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
      for (const [index, { logProb }] of possible.entries()) {
        expect(logProb).toBeCloseTo(expected[index]?.logProb ?? 0, 4)
      }
    }),
    { numRuns: 500 },
  )
})

const rules = createTokenRules(ids, {
  timestamps: true,
  maxInitialTimestamp: 5,
  suppress: [],
  suppressFirst: [],
})

test.each([
  [
    'nothing',
    [],
    { text: false, endOfText: false, specials: false, timestampFrom: 0, timestampTo: 6 },
  ],
  ['a first timestamp', [52], { text: true, endOfText: true, timestampTo: 0 }],
  [
    'text behind a timestamp',
    [52, 1],
    { text: true, timestampFrom: 3, timestampTo: 30, timestampsMayWin: true },
  ],
  [
    'a timestamp that closes a pair',
    [52, 1, 60],
    { text: false, endOfText: true, timestampFrom: 10 },
  ],
  ['a pair', [52, 1, 60, 60], { text: true, endOfText: true, timestampFrom: 0, timestampTo: 0 }],
  ['text behind a pair', [52, 1, 60, 61, 3], { text: true, timestampFrom: 12, timestampTo: 30 }],
])('behind %s comes what the rules of timestamps allow', (_, generated, expected) => {
  expect(allowedTokens(rules, generated)).toMatchObject(expected)
})

test('without timestamps none comes, and nothing is not an answer where a blank is suppressed', () => {
  const plain = createTokenRules(ids, {
    timestamps: false,
    maxInitialTimestamp: 5,
    suppress: [],
    suppressFirst: [ids.endOfText],
  })
  expect(allowedTokens(plain, [])).toMatchObject({ text: true, endOfText: false, timestampFrom: 0 })
  expect(allowedTokens(plain, [1])).toMatchObject({ text: true, endOfText: true })
})
