import { expect, test } from 'vitest'

import { byteTokenizer } from '../../test/support/byte-tokenizer.js'
import { initialPromptTokens } from './initial-prompt.js'

test('text is encoded as a word within a sentence, tokens are taken as they are', () => {
  expect(initialPromptTokens(byteTokenizer, '  So ')).toEqual([32, 83, 111])
  expect(initialPromptTokens(byteTokenizer, [7, 1800])).toEqual([7, 1800])
  expect(initialPromptTokens(byteTokenizer, undefined)).toEqual([])
})

test('a token that the model does not have is refused', () => {
  expect(() => initialPromptTokens(byteTokenizer, [7, 1801])).toThrow('0 to 1800, not 1801')
})
