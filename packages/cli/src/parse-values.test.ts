import { expect, test } from 'vitest'

import { parseBytes, parseCount, parseSeconds } from './parse-values.js'
import { editDistance, suggest } from './suggest.js'
import { clock } from './units.js'

test.each([
  ['90', 90],
  ['-1.5', -1.5],
  ['.5', 0.5],
  ['1:30', 90],
  ['1:02:03.5', 3723.5],
  ['-0:10', -10],
  ['12s', 12],
])('%s is %d seconds', (text, value) => expect(parseSeconds('--offset', text)).toBe(value))

test.each(['', 'soon', '1:2:3:4', '1e3', '--', '5m', 'Infinity', 'NaN'])(
  '"%s" is no time',
  (text) => {
    expect(() => parseSeconds('--offset', text)).toThrow('--offset must be seconds')
  },
)

test.each([
  ['1', 1],
  ['500M', 500 * 1024 * 1024],
  ['1.5 GiB', 1.5 * 1024 ** 3],
  ['64kb', 65_536],
])('%s is %d bytes', (text, value) => expect(parseBytes('--limit-input', text)).toBe(value))

test.each(['', '0', '-1', 'many', '1X', '99999999T'])('"%s" is no size', (text) => {
  expect(() => parseBytes('--limit-input', text)).toThrow('must be a size')
})

test.each(['0', '-1', '1.5', '1e3', '0x10', '99999999999999999999'])('"%s" is no count', (text) => {
  expect(() => parseCount('--rate', text)).toThrow('must be a whole number above 0')
})

test('a near name is suggested, a far one is not', () => {
  expect(suggest('ouput', ['output', 'offset'])).toBe('output')
  expect(suggest('dur', ['output', 'duration'])).toBe('duration')
  expect(suggest('zzz', ['output', 'mono'])).toBeUndefined()
  // Levenshtein's own example.
  expect(editDistance('kitten', 'sitting')).toBe(3)
})

test.each([
  [11, '11.000 s'],
  [0.9996, '1.000 s'],
  [59.9996, '1:00.000'],
  [205.12, '3:25.120'],
  [3723.5, '1:02:03.500'],
])('%d seconds read %s', (value, text) => expect(clock(value)).toBe(text))
