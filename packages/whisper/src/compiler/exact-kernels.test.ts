import { expect, test } from 'vitest'

import { hasExactKernels } from './exact-kernels.js'

test('unsigned weights are multiplied exactly by any processor', async () => {
  expect(await hasExactKernels('uint8')).toBe(true)
})
