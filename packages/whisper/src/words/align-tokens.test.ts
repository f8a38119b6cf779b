import fc from 'fast-check'
import { expect, test } from 'vitest'

import { loadBinding } from '../load-binding.js'
import { alignPlainly, alignTokens } from './align-tokens.js'

const sizes = fc.record({
  tokens: fc.integer({ min: 3, max: 12 }),
  frames: fc.integer({ min: 1, max: 40 }),
  usedFrames: fc.integer({ min: 0, max: 45 }),
  startLength: fc.integer({ min: 0, max: 3 }),
  heads: fc.integer({ min: 1, max: 4 }),
})

const looks = sizes.chain(({ heads, ...size }) => {
  const length = size.tokens * size.frames
  const weights = fc.float32Array({
    min: 0,
    max: 1,
    noNaN: true,
    minLength: length,
    maxLength: length,
  })
  return fc.record({
    heads: fc.array(weights, { minLength: heads, maxLength: heads }),
    size: fc.constant(size),
  })
})

test('the addon finds the same frames as JavaScript, to the last one', () => {
  const { alignTokens: native } = loadBinding()
  fc.assert(
    fc.property(looks, ({ heads, size }) => {
      const found = native({ heads, ...size })
      const plain = alignPlainly({ heads, ...size }, size)
      expect([found.rows, found.columns]).toEqual([plain.rows, plain.columns])
    }),
    { numRuns: 500 },
  )
})

test('heads that have not looked at all tokens are an error, not a wrong path', () => {
  const heads = [new Float32Array(7)]
  const range = { usedFrames: 2, startLength: 1 }
  expect(() => alignTokens({ heads, tokens: 4, frames: 2 }, range)).toThrow(
    /all tokens and frames/u,
  )
})
