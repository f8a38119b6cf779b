import type { AudioBackend } from '@audiodecode/core'
import { describe, expect, test } from 'vitest'

import { checks } from './all-checks.js'
import { caseRunner } from './case-runner.js'
import { conformanceCases } from './conformance-cases.js'
import type { ConformanceCase } from './conformance-cases.js'
import type { ConformanceOptions } from './conformance-options.js'
import { conformanceTable } from './conformance-table.js'

/** What `backendConformance` can be told. */
export interface BackendConformanceOptions extends ConformanceOptions {
  /**
   * File that holds the table of what the backend does, relative to the test; it is compared, and written by `vitest -u`.
   * Absent: no table.
   */
  readonly table?: string
}

/** Longest time for one check of one file, in milliseconds. */
const TIMEOUT = 120_000

/**
 * Registers a vitest test for every check of every file. A backend whose `status()` says that it cannot work here is skipped,
 * with its hint as the reason. Registers the backend in core.
 *
 * @example
 * backendConformance(myBackend, { formats: ['wav', 'flac'] })
 */
export function backendConformance(
  backend: AudioBackend,
  options: BackendConformanceOptions,
): void {
  const cases = conformanceCases(backend, options)
  describe(`backend ${backend.name}`, () => {
    for (const check of checks) {
      const mine = cases.filter((one) => one.check === check)
      if (mine.length === 0) continue
      describe(`${check.title}`, () => {
        for (const one of mine) {
          // oxlint-disable-next-line vitest/expect-expect -- the assertions are in the checks
          test(`${titleOf(one)}`, { timeout: TIMEOUT }, caseRunner(backend, one))
        }
      })
    }
    const { table } = options
    if (table === undefined) return
    test('its table says what it does', async () => {
      const text = `${JSON.stringify(conformanceTable(backend, options), null, 2)}\n`
      await expect(text).toMatchFileSnapshot(table)
    })
  })
}

function titleOf({ sample, exception }: ConformanceCase): string {
  return exception === null ? sample.name : `${sample.name}: not yet, ${exception.reason}`
}
