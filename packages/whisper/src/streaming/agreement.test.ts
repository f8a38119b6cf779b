import { expect, test } from 'vitest'

import { agreedWords } from './agreement.js'

test('words that two hypotheses begin with together are agreed', () => {
  expect(agreedWords([' ask', ' not', ' what'], [' ask', ' not', ' who', ' what'])).toBe(2)
  expect(agreedWords([' ask', ' not'], [' ask', ' not', ' what'])).toBe(2)
  expect(agreedWords([], [' ask'])).toBe(0)
  expect(agreedWords([' ask'], [])).toBe(0)
})

test('case and marks do not matter, letters do', () => {
  expect(agreedWords([' Ask', ' not.', ' "what'], [' ask,', ' not', ' What'])).toBe(3)
  expect(agreedWords([' Müller'], [' Muller'])).toBe(0)
})

test('words of marks alone are compared as they are', () => {
  expect(agreedWords([' &', ' a'], [' +', ' a'])).toBe(0)
  expect(agreedWords([' &', ' a'], [' &', ' a'])).toBe(2)
})
