import { defineConfig } from 'tsup'

import { base } from '../../tsup.base.js'

export default defineConfig({
  ...base,
  entry: {
    index: 'src/index.ts',
    'runtime-probe': 'src/device/runtime-probe.ts',
    'whisper-worker': 'src/worker/whisper-worker.ts',
  },
})
