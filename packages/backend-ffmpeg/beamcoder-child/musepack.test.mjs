import { Buffer } from 'node:buffer'

import { expect, test } from 'vitest'

import { musepackSpan } from './musepack.mjs'

const span = (text) => {
  const bytes = Buffer.from(text, 'latin1')
  return musepackSpan((at, length) => bytes.subarray(at, at + length))
}

// Of a file of 5,000 frames: 39 · 128 + 8.
const HEADER = 'MPCKSH\u000dcrc!\u0008\u00a7\u0008\u0000\u001f\u0014'

test('the signal of Musepack lies behind the delay of the decoder and the silence that is told', () => {
  expect(span(HEADER)).toEqual({ lead: 481, frames: 5000 })
  const late = HEADER.replace('\u0000', '\u000a')
  expect(span(late)).toEqual({ lead: 491, frames: 4990 })
  expect(span(`MPCKRG\u0006abc${HEADER.slice(4)}`)).toEqual({ lead: 481, frames: 5000 })
})

test('a header of Musepack that is cut, older or forged tells nothing', () => {
  for (let end = 0; end < HEADER.length - 2; end++) expect(span(HEADER.slice(0, end))).toBeNull()
  expect(span(HEADER.replace('MPCK', 'MP+\u0007'))).toBeNull()
  expect(span('MPCKRG\u0000RG\u0000SH')).toBeNull()
  expect(span('MPCKSH\u000dcrc!\u0008\u0005\u00a7\u0008\u001f\u0014')).toBeNull()
})
