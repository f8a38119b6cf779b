import { expect, test } from 'vitest'

import { ratioLine, unavailable } from './report-lines.js'

test('a ratio is the median of the rounds, held against its bar', () => {
  const ours = { name: 'ours', ms: [10, 20, 10] }
  const peer = { name: 'peer', ms: [12, 22, 13] }
  const line = ratioLine('work', { ours, peer, atLeast: 1.15 })
  expect(line).toMatchObject({ value: '1.20× (1.10 to 1.30)', bar: '≥ 1.15×', met: true })
  expect(ratioLine('work', { ours, peer, atLeast: 1.25 }).met).toBe(false)
  expect(ratioLine('work', { ours, peer, atLeast: null }).met).toBeNull()
})

test('what is not available says why in its last words', () => {
  expect(
    unavailable('torchcodec', new Error('Traceback\n  …\nImportError: no libtorch\n')),
  ).toEqual({
    name: 'torchcodec',
    value: 'not available: ImportError: no libtorch',
    bar: null,
    met: null,
  })
})
