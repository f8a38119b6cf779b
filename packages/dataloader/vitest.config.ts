import { defineProject } from 'vitest/config'

import { alias, timeouts } from '../../vitest.shared.js'

export default defineProject({
  resolve: { alias },
  test: { ...timeouts, name: 'dataloader', include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
})
