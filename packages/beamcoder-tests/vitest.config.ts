import { defineProject } from 'vitest/config'

import { alias } from '../../vitest.shared.js'

export default defineProject({
  resolve: { alias },
  test: {
    name: 'beamcoder-tests',
    include: ['test/**/*.test.ts'],
    setupFiles: ['src/find-beamcoder.ts'],
  },
})
