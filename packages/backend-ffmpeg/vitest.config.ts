import { defineProject } from 'vitest/config'

import { alias, timeouts } from '../../vitest.shared.js'

export default defineProject({
  resolve: { alias },
  test: {
    ...timeouts,
    name: 'backend-ffmpeg',
    include: ['{src,test}/**/*.test.ts', 'beamcoder-child/*.test.mjs'],
  },
})
