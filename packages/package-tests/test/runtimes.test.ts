import { describe, expect, inject, test } from 'vitest'

import { nodeRuntime } from './node-runtime.js'
import {
  expected,
  featuresApp,
  importApp,
  requireApp,
  runApp,
  whisperAddonApp,
  writeApp,
} from './run-app.js'

describe.each([20, 22, 24] as const)(
  'on Node %i, with core, backend-rust and features installed from their tarballs',
  (major) => {
    test('a module decodes a recording', () => {
      const app = writeApp(inject('consumer'), `app-${major}.mjs`, importApp)
      expect(runApp(nodeRuntime(major), app)).toEqual(expected)
    })

    test('a module computes MFCC of a recording', () => {
      const app = writeApp(inject('consumer'), `features-${major}.mjs`, featuresApp)
      expect(runApp(nodeRuntime(major), app)).toEqual({ shape: [20, 474], finite: true })
    })

    test('a CommonJS program decodes a recording', () => {
      const app = writeApp(inject('consumer'), `app-${major}.cjs`, requireApp)
      expect(runApp(nodeRuntime(major), app)).toEqual(expected)
    })

    test("Whisper's addon loads", () => {
      const names = Object.keys(inject('tarballs'))
      const name = names.find((each) => each.startsWith('@audiodecode/whisper-')) ?? 'not packed'
      const app = writeApp(inject('consumer'), `whisper-${major}.cjs`, whisperAddonApp(name))
      expect(runApp(nodeRuntime(major), app)).toEqual({ decoder: 'function' })
    })
  },
)
