import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

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

/** @param {string} folder @returns {{ passed: number, failed: number, skipped: readonly string[] }} */
function countVitest(folder) {
  const report = readJson(join(folder, 'vitest.json'))
  const tests = (report?.testResults ?? []).flatMap((file) => file.assertionResults)
  // A file that cannot be loaded has failed without a single test in it.
  const brokenFiles = (report?.testResults ?? []).filter(
    (file) =>
      file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length + brokenFiles.length,
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => fullName),
  }
}

/** Test cases in all result files so far. @returns {{ passed: number, failed: number, skipped: readonly string[] }} */
export function countResults() {
  const folders = resultFolders()
  const reports = [
    ...folders.map(countVitest),
    ...folders.map((folder) => readJson(join(folder, 'cargo.json'))),
  ]
  const total = { passed: 0, failed: 0, skipped: /** @type {string[]} */ ([]) }
  for (const report of reports) {
    if (!report) continue
    total.passed += report.passed
    total.failed += report.failed
    total.skipped.push(...report.skipped)
  }
  return total
}
