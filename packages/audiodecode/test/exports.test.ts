import * as core from '@audiodecode/core'
import { expect, test } from 'vitest'

import * as audiodecode from '../src/index.js'

test('everything of core is here under the same name, and is the same thing', () => {
  expect({ ...audiodecode }).toEqual({ ...core })
})

test('importing it registers the Rust backend', () => {
  expect(audiodecode.listBackends().map(({ name }) => name)).toEqual(['rust'])
})
