import { expect, test } from 'vitest'

import { defaultLimits } from '../limits.js'
import { decodeDataUrl } from './data-url.js'

const decode = (url: string): number[] => [...decodeDataUrl(url, 'label', defaultLimits)]

test.each([
  ['data:,abc', 'abc'],
  ['data:text/plain;charset=utf-8,a%20b%2Cc', 'a b,c'],
  ['data:audio/wav;base64,YWJj', 'abc'],
  ['DATA:audio/wav;BASE64,YWI=', 'ab'],
  ['data:;base64,YWI', 'ab'],
  ['data:;base64,YQ%3D%3D', 'a'],
  ['data:;base64,YW Jj', 'abc'],
  ['data:,abc#fragment', 'abc'],
])('%s holds "%s"', (url, text) => {
  expect(decode(url)).toEqual([...Buffer.from(text)])
})

test.each([
  'data:audio/wav;base64',
  'data:;base64,YW*j',
  'data:;base64,YWJjZ',
  'data:;base64,YW=j',
  'data:;base64,YWJj=',
  'data:;base64,Y===',
  'data:,a%2',
  'data:,a%zz',
])('%s is ERR_CORRUPT', (url) => {
  expect(() => decode(url)).toThrowError(expect.objectContaining({ code: 'ERR_CORRUPT' }))
})
