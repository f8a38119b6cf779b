import { defineProject } from 'vitest/config'

import { alias, timeouts } from '../../vitest.shared.js'

export default defineProject({
  resolve: { alias },
  test: { ...timeouts, name: 'example-custom-codec', include: ['test/**/*.test.ts'] },
})
