import { defineProject } from 'vitest/config'

import { alias, timeouts } from '../../vitest.shared.js'

export default defineProject({
  resolve: { alias },
  test: {
    ...timeouts,
    name: 'beamcoder-tests',
    include: ['test/**/*.test.ts'],
    setupFiles: ['src/find-beamcoder.ts'],
  },
})
