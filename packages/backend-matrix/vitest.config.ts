import { defineProject } from 'vitest/config'

import { alias } from '../../vitest.shared.js'

export default defineProject({
  resolve: { alias },
  test: {
    name: 'backend-matrix',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['src/find-beamcoder.ts'],
  },
})
