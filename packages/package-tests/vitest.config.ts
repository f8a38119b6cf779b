import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'package-tests',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Compilers, bundlers and other Nodes are started; on two cores that takes a while.
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
})
