import fc from 'fast-check'
import { expect, test } from 'vitest'

import { smallVocabulary } from '../../test/support/small-vocabulary.js'
import { toByteCharacters } from './byte-characters.js'
import { parseVocabularyText } from './parse-vocabulary-list.js'
import { createTokenizer } from './tokenizer.js'
import type { Tokenizer } from './tokenizer.js'

const joins = [
  'Ġa',
  'Ġab',
  'he',
  'll',
  'hell',
  'hello',
  'Ġhello',
  'ĠĠ',
  'ä½',
  'ä½ł',
  "'s",
  '--',
  'âĻ',
]
const small = (joined = joins, languages = 99): Tokenizer =>
  createTokenizer(parseVocabularyText(smallVocabulary(joined, languages).join('\n')))
const tokenizer = small()
const anyText = fc.string({ unit: 'binary', maxLength: 60 })

test('any text comes back from its tokens', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('a byte order mark within a text is kept', () => {
  expect(tokenizer.decode(tokenizer.encode('\ufeffa\ufeff'))).toBe('\ufeffa\ufeff')
})

test('a lone surrogate becomes a replacement character', () => {
  expect(tokenizer.decode(tokenizer.encode('a\ud800b'))).toBe('a\ufffdb')
})

test('special tokens written in a text are text', () => {
  const tokens = tokenizer.encode('<|endoftext|><|en|>')
  expect(Math.max(...tokens)).toBeLessThan(tokenizer.specials.eot)
  expect(tokenizer.decode(tokens)).toBe('<|endoftext|><|en|>')
})

test('the pair of the lowest rank is joined first', () => {
  const first = small(['bc', 'ab', 'abc'])
  expect(first.encode('abc').map((token) => first.decode([token]))).toEqual(['abc'])
  const other = small(['ab', 'bc', 'bcd'])
  expect(other.encode('abcd').map((token) => other.decode([token]))).toEqual(['ab', 'c', 'd'])
})

test('of equal pairs the left one is joined first', () => {
  const pairs = small(['aa'])
  expect(pairs.encode('aaa').map((token) => pairs.decode([token]))).toEqual(['aa', 'a'])
})

test('joining through a heap gives what joining one pair after the other gives', () => {
  const vocabulary = parseVocabularyText(
    smallVocabulary(['aa', 'ab', 'ba', 'aab', 'abab']).join('\n'),
  )
  const slow = (text: string): number[] => {
    let parts = [...toByteCharacters(text)]
    for (;;) {
      let best: number | undefined
      let place = -1
      for (let at = 0; at + 1 < parts.length; at++) {
        const rank = vocabulary.joinRank(parts[at] ?? '', parts[at + 1] ?? '')
        if (rank !== undefined && (best === undefined || rank < best)) [best, place] = [rank, at]
      }
      if (best === undefined) return parts.map((part) => vocabulary.ids.get(part) ?? -1)
      const joined = `${parts[place] ?? ''}${parts[place + 1] ?? ''}`
      parts = [...parts.slice(0, place), joined, ...parts.slice(place + 2)]
    }
  }
  const fast = createTokenizer(vocabulary)
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 40 }), (text) => {
      expect(fast.encode(text)).toEqual(slow(text))
    }),
  )
})

test('a word of a hundred thousand letters is encoded in no time', { timeout: 5000 }, () => {
  // Looking at every pair again after each of the 75,000 joins would take minutes.
  const pairs = small(['aa', 'aaaa'])
  expect(pairs.encode('a'.repeat(100_000))).toHaveLength(25_000)
})

test('special ids are left out of a text, timestamps are told on request', () => {
  const { timestampBegin, sot, eot } = tokenizer.specials
  const tokens = [sot, timestampBegin, ...tokenizer.encode(' hello'), timestampBegin + 55, eot]
  expect(tokenizer.decode(tokens)).toBe(' hello')
  expect(tokenizer.decodeWithTimestamps(tokens)).toBe('<|0.00|> hello<|1.10|>')
})

test.each(['zh', 'ja', 'th', 'lo', 'my', 'yue'])('%s is split at each character', (language) => {
  const tokens = tokenizer.encode(' ab你')
  expect(tokenizer.splitToWordTokens(tokens, language).words).toEqual([' ab', '你'])
  expect(tokenizer.splitToWordTokens(tokens, 'ko').words).toEqual([' ab你'])
})

test('bytes that are not UTF-8 become replacement characters, one for each maximal part', () => {
  const bytes = [0xf0, 0x9f, 0x41, 0xe3, 0x81, 0xc0, 0xaf]
  const tokens = bytes.map((byte) => smallVocabulary().indexOf(byteCharacter(byte)))
  expect(tokenizer.decode(tokens)).toBe('\ufffdA\ufffd\ufffd\ufffd')
})

test('large-v3 has one language more, and what follows the languages moves by one', () => {
  const v2 = small(joins, 99).specials
  const v3 = small(joins, 100).specials
  expect([v2.languages.get('yue'), v3.languages.get('yue')]).toEqual([undefined, v2.translate])
  expect(v3.translate).toBe(v2.translate + 1)
  expect(v3.timestampBegin).toBe(v2.timestampBegin + 1)
})

test.each([
  ['.en', 50_256, 99, { sot: 50_257, noTimestamps: 50_362, timestampBegin: 50_363 }, 51_864],
  ['v2', 50_257, 99, { sot: 50_258, translate: 50_358, transcribe: 50_359 }, 51_865],
  ['v2', 50_257, 99, { startOfLm: 50_360, startOfPrev: 50_361, noSpeech: 50_362 }, 51_865],
  ['v3', 50_257, 100, { sot: 50_258, translate: 50_359, transcribe: 50_360 }, 51_866],
  ['v3', 50_257, 100, { noSpeech: 50_363, noTimestamps: 50_364, timestampBegin: 50_365 }, 51_866],
])('the ids of %s are those of OpenAI', (name, eot, languages, ids, size) => {
  const fillers = Array.from({ length: eot - 256 }, (_, at) => `x${at}`)
  const model = small(fillers, languages)
  expect(model.specials).toMatchObject({ eot, ...ids })
  expect(model.vocabularySize).toBe(size)
  expect(model.multilingual).toBe(name !== '.en')
  expect(model.specials.languages.get('en')).toBe(eot + 2)
})

test('a language that the model lacks is refused by name', () => {
  const others = 51_865 - smallVocabulary().length
  const multilingual = small(Array.from({ length: others }, (_, i) => `x${i}`))
  expect(multilingual.multilingual).toBe(true)
  expect(() => multilingual.sotSequence('yue', 'transcribe')).toThrow("no language 'yue'")
})

test('a model of English alone starts without language and task', () => {
  expect(tokenizer.multilingual).toBe(false)
  expect(tokenizer.sotSequence('en', 'transcribe')).toEqual([tokenizer.specials.sot])
})

function byteCharacter(byte: number): string {
  if ((byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad))
    return String.fromCharCode(byte)
  if (byte === 0xad) return '\u0143'
  return String.fromCharCode(byte <= 0x20 ? 0x100 + byte : 0x121 + byte - 0x7f)
}
