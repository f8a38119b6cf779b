import { describe, expect, test } from 'vitest'

import { byteTokenizer } from '../../test/support/byte-tokenizer.js'
import { isSound, repeatsItself } from './sound-result.js'

const { timestampBegin } = byteTokenizer.specials
const at = (seconds: number): number => timestampBegin + Math.round(seconds / 0.02)
const said = (text: string, end = 2): number[] => [at(0), ...byteTokenizer.encode(text), at(end)]
const good = { tokens: said(' ask not'), avgLogprob: -0.3, compressionRatio: 1, noSpeechProb: 0.3 }
const heard = (change: Partial<typeof good>, seconds = 2): boolean =>
  isSound({ ...good, ...change }, { seconds, tokenizer: byteTokenizer })

describe('what was heard in audio encoded alone', () => {
  test('is taken when it is likely, varied and within its time', () => {
    expect(heard({})).toBe(true)
    expect(heard({ tokens: said(' ask not', 2.9) })).toBe(true)
  })

  test.each([
    ['unlikely', { avgLogprob: -1.2 }],
    ['no number', { avgLogprob: Number.NaN }],
    ['compressed too well', { compressionRatio: 2.5 }],
    ['most likely silence', { noSpeechProb: 0.8 }],
    ['without a word', { tokens: [at(0), at(2)] }],
    ['a mark alone', { tokens: said(' .') }],
    ['later than the audio', { tokens: said(' ask not', 3.2) }],
    ['more than can be said in the time', { tokens: said(' what we can do for you and all') }],
    ['said twice', { tokens: said(' ask! ask!') }],
  ])('is not taken when it is %s', (_, change) => {
    expect(heard(change)).toBe(false)
  })
})

describe('a text repeats itself', () => {
  const letters = (text: string): number[] => [...text].map((letter) => letter.codePointAt(0) ?? 0)

  test.each(['abcdabcd', 'xyabcdeabcdez', 'abababcd', 'xaaa', 'abcabcabc'])('in %s', (text) => {
    expect(repeatsItself(letters(text))).toBe(true)
  })

  test.each(['', 'a', 'aab', 'ababc', 'abcabcd', 'abcdxabcd', 'abcdeabcdf'])(
    'not in "%s"',
    (text) => {
      expect(repeatsItself(letters(text))).toBe(false)
    },
  )
})
