import { defineProject } from 'vitest/config'

import { alias } from '../../vitest.shared.js'

export default defineProject({
  resolve: { alias },
  test: {
    name: 'backend-ffmpeg',
    include: ['{src,test}/**/*.test.ts', 'beamcoder-child/*.test.mjs'],
  },
})
