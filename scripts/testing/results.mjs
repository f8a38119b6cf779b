import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

import { root } from '../setup/root.mjs'
import { workspaceMembers } from '../setup/workspace-members.mjs'

/** Folders in which a test task may have left `.test-results`. */
function resultFolders() {
  return ['', ...workspaceMembers()].map((folder) => join(root, folder, '.test-results'))
}

/** Removes the results of earlier runs; turbo puts back those of tasks that it does not run again. */
export function clearResults() {
  for (const folder of resultFolders()) rmSync(folder, { recursive: true, force: true })
}

const readJson = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined)

/**
 * Test cases: how many passed and failed, which failed (with the first line of why, where the runner says it), and which were
 * skipped.
 *
 * @typedef {{ passed: number, failed: number, failures: readonly string[], skipped: readonly string[] }} Counts
 */

/** The first line of what a failed test said. @param {string | undefined} message */
const reason = (message) => (message ? ` — ${message.trim().split('\n')[0]}` : '')

/** @param {string} folder @returns {Counts} */
function countVitest(folder) {
  const report = readJson(join(folder, 'vitest.json'))
  const tests = (report?.testResults ?? []).flatMap((file) => file.assertionResults)
  // A file that cannot be loaded has failed without a single test in it.
  const brokenFiles = (report?.testResults ?? []).filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  const failures = [
    ...tests
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}${reason(failureMessages?.[0])}`),
    ...brokenFiles.map(({ name, message }) => `${relative(root, name)}${reason(message)}`),
  ]
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failures.length,
    failures,
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => fullName),
  }
}

/** Test cases in all result files so far. @returns {Counts} */
export function countResults() {
  const folders = resultFolders()
  const reports = [
    ...folders.map(countVitest),
    ...folders.map((folder) => readJson(join(folder, 'cargo.json'))),
  ]
  const total = {
    passed: 0,
    failed: 0,
    failures: /** @type {string[]} */ ([]),
    skipped: /** @type {string[]} */ ([]),
  }
  for (const report of reports) {
    if (!report) continue
    total.passed += report.passed
    total.failed += report.failed
    total.failures.push(...report.failures)
    total.skipped.push(...report.skipped)
  }
  return total
}
