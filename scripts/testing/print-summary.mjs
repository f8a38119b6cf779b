import { countResults } from './results.mjs'
import { forbiddenSkips } from './skip-policy.mjs'

/**
 * Prints how each step ended, each test that failed and, alone on the last line, the totals.
 *
 * @param {readonly import('./run-steps.mjs').Outcome[]} outcomes
 * @returns {boolean} Whether everything passed.
 */
export function printSummary(outcomes) {
  const width = Math.max(...outcomes.map(({ name }) => name.length))
  console.log('')
  for (const { name, ok, passed, failed, seconds, note } of outcomes) {
    const counts = passed + failed > 1 ? `${passed} passed, ${failed} failed` : ''
    const details = [counts, note].filter(Boolean).join('; ')
    console.log(
      `${ok ? '✓' : '✗'} ${name.padEnd(width)} ${seconds.toFixed(1).padStart(7)} s  ${details}`,
    )
  }
  const { failures, skipped } = countResults()
  for (const failure of failures) console.log(`✗ failed: ${failure}`)
  const forbidden = forbiddenSkips(skipped)
  for (const name of forbidden)
    console.log(`✗ skipped, which .ci/allowed-skips does not allow: ${name}`)
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0) + forbidden.length
  const rest =
    skipped.length > forbidden.length ? `, ${skipped.length - forbidden.length} skipped` : ''
  console.log(`\n${passed} passed, ${failed} failed${rest}`)
  return failed === 0 && outcomes.every(({ ok }) => ok)
}
