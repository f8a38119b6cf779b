import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { parseTokenizerJson } from '../src/tokenizer/parse-tokenizer-json.js'
import { parseVocabularyJson, parseVocabularyText } from '../src/tokenizer/parse-vocabulary-list.js'
import { createTokenizer } from '../src/tokenizer/tokenizer.js'
import { modelFolder } from './support/models.js'

interface Golden {
  readonly specials: Readonly<Record<string, number>>
  readonly nonSpeechTokens: readonly number[]
  readonly sotSequence: readonly number[]
  readonly encoded: readonly { text: string; tokens: number[] }[]
  readonly decoded: readonly { tokens: number[]; text: string; timed: string }[]
  readonly split: readonly {
    language: string
    input: number[]
    words: string[]
    lengths: number[]
  }[]
}

/** From faster-whisper: reference/text-tokenizer.py. */
const golden = JSON.parse(
  readFileSync(new URL('golden/text-tokenizer.json', import.meta.url), 'utf8'),
) as Readonly<Record<'base' | 'tiny.en', Golden>>

const files = [
  ['base', 'tokenizer.json', parseTokenizerJson],
  ['base', 'vocabulary.json', parseVocabularyJson],
  ['tiny.en', 'tokenizer.json', parseTokenizerJson],
  ['tiny.en', 'vocabulary.txt', parseVocabularyText],
] as const

describe.each(files)('%s, from %s, as faster-whisper', (model, file, parse) => {
  const folder = modelFolder(model)
  const expected = golden[model]
  const tokenizer = folder === undefined ? undefined : readIn(folder)

  test.skipIf(tokenizer === undefined)('has the special tokens', () => {
    expect(tokenizer?.specials).toMatchObject(expected.specials)
    expect(tokenizer?.specials.languages.size).toBe(99)
    expect(tokenizer?.sotSequence('en', 'transcribe')).toEqual(expected.sotSequence)
    expect(tokenizer?.vocabularySize).toBe(model === 'base' ? 51_865 : 51_864)
    expect(tokenizer?.multilingual).toBe(model === 'base')
  })

  test.skipIf(tokenizer === undefined)('has the tokens that are not spoken', () => {
    expect(tokenizer?.nonSpeechTokens).toEqual(expected.nonSpeechTokens)
  })

  test.skipIf(tokenizer === undefined).each(expected.encoded)('encodes %j', ({ text, tokens }) => {
    expect(tokenizer?.encode(text)).toEqual(tokens)
    expect(tokenizer?.decode(tokens)).toBe(text)
  })

  test.skipIf(tokenizer === undefined)('gives any text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(tokenizer?.decode(tokenizer.encode(text))).toBe(text)
      }),
    )
  })

  test.skipIf(tokenizer === undefined)('decodes whole and broken text', () => {
    for (const { tokens, text, timed } of expected.decoded) {
      expect(tokenizer?.decode(tokens)).toBe(text)
      expect(tokenizer?.decodeWithTimestamps(tokens)).toBe(timed)
    }
  })

  test.skipIf(tokenizer === undefined)('splits into words', () => {
    for (const { language, input, words, lengths } of expected.split) {
      const split = tokenizer?.splitToWordTokens(input, language)
      expect(split?.words).toEqual(words)
      expect(split?.wordTokens.map((tokens) => tokens.length)).toEqual(lengths)
      const all = split?.wordTokens.flat() ?? []
      expect(all).toEqual(input.slice(0, all.length))
    }
  })

  function readIn(path: string): ReturnType<typeof createTokenizer> {
    return createTokenizer(parse(readFileSync(join(path, file), 'utf8')))
  }
})
