import { wavSamples } from '@audiodecode/backend-tests'
import { expect, test } from 'vitest'

import type { Decoded } from '../src/decode-sample.js'
import { matrixPage } from '../src/matrix-page.js'
import { pageCells } from '../src/page-cells.js'

const sample = wavSamples()[0]!
const { frames, channels, sampleRate } = sample
const trim = { source: 'none', startFrames: 0, endFrames: 0 } as const
const decoded = (backend: string, data = sample.reference()): Decoded => {
  return { backend, data, frames, channels, sampleRate, gapless: trim }
}

test('a backend that does not work here keeps what the page says of it', () => {
  const results = new Map([
    ['one', decoded('one')],
    ['two', null],
  ])
  const here = [{ sample, results: new Map(results).set('three', decoded('three')) }]
  const page = matrixPage(['one', 'two', 'three'], here, () => undefined)
  expect(page).toContain(`| ${sample.name} | ${frames} |  | 0 | 0 | – | 0 |`)
  const without = [{ sample, results: new Map([...results].slice(1)) }]
  expect(matrixPage(['one', 'two', 'three'], without, pageCells(page))).toBe(page)
})

test('of a file that is new the page says nothing yet', () => {
  const rows = [{ sample, results: new Map([['one', decoded('one')]]) }]
  const page = matrixPage(['one', 'two'], rows, pageCells('| file | one |\n| --- | --- |\n'))
  expect(page).toContain(`| ${sample.name} | ${frames} |  | 0 | 0 | ? |`)
})

test('a sample that differs is seen in the page of a backend that works here', () => {
  const wrong = sample.reference().slice()
  wrong[7]! += 0.5
  const rows = [{ sample, results: new Map([['one', decoded('one', wrong)]]) }]
  const before = '| file | one |\n| --- | --- |\n' + `| ${sample.name} | 0 |\n`
  expect(matrixPage(['one'], rows, pageCells(before))).toContain('**5.0e-1**')
})
