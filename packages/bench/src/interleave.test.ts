import { expect, test } from 'vitest'

import { interleave } from './interleave.js'

test('contenders take turns, and the first round does not count', async () => {
  const order: string[] = []
  let clock = 0
  const contender = (name: string): { name: string; time: () => Promise<number> } => ({
    name,
    time: async () => {
      order.push(name)
      return ++clock
    },
  })
  const results = await interleave([contender('a'), contender('b')], 2)
  expect(order.join('')).toBe('ababab')
  expect(results).toEqual([
    { name: 'a', ms: [3, 5] },
    { name: 'b', ms: [4, 6] },
  ])
})
