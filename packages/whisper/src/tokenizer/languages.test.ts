import { expect, test } from 'vitest'

import { languageCode, languageNames } from './languages.js'

test('there are a hundred languages, the one of large-v3 last', () => {
  expect(languageNames.size).toBe(100)
  expect([...languageNames.keys()].at(-1)).toBe('yue')
  expect(languageNames.get('ht')).toBe('haitian creole')
})

test.each([
  ['en', 'en'],
  ['EN ', 'en'],
  ['English', 'en'],
  ['haitian creole', 'ht'],
  ['Castilian', 'es'],
  ['mandarin', 'zh'],
  ['cantonese', 'yue'],
])('%s is the language %s', (given, code) => {
  expect(languageCode(given)).toBe(code)
})

test.each([
  ['englsh', "'english' ('en')"],
  ['pt-BR', "'portuguese' ('pt')"],
  ['portug', "'portuguese' ('pt')"],
  ['moldova', "'moldovan' ('ro')"],
])('the error for %s names %s', (given, near) => {
  expect(() => languageCode(given)).toThrow(RangeError)
  expect(() => languageCode(given)).toThrow(near)
})

test('the error for a language that is like no other says what to give', () => {
  expect(() => languageCode('klingon!!')).toThrow("give a code such as 'en'")
})
