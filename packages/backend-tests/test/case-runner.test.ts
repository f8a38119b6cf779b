import type { PluginStatus } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { caseRunner } from '../src/case-runner.js'
import { oracleBackend } from './oracle-backend.js'

/** What a test's context does: `skip` ends the test by throwing. */
function skip(note?: unknown): never {
  throw new Error(`skipped: ${String(note)}`)
}

const runWith = async (status: PluginStatus | undefined): Promise<string> => {
  const backend = oracleBackend({}, status === undefined ? {} : { status: async () => status })
  let outcome = 'not run'
  const run = async (): Promise<void> => {
    outcome = 'run'
  }
  await caseRunner(backend, { run })({ skip }).catch((error: unknown) => {
    outcome = `${outcome}, ${(error as Error).message}`
  })
  return outcome
}

test('a backend whose library is missing is skipped, with its hint', async () => {
  const status = { available: false, version: null, hint: 'apt-get install libwax' }
  expect(await runWith(status)).toBe('not run, skipped: apt-get install libwax')
  expect(await runWith({ ...status, hint: null })).toBe(
    'not run, skipped: the backend cannot work here',
  )
})

test('one that works, or says nothing, is run', async () => {
  expect(await runWith({ available: true, version: '1', hint: null })).toBe('run')
  expect(await runWith(undefined)).toBe('run')
})
