import { runCommand } from '../setup/run-command.mjs'
import { countResults } from './results.mjs'

/**
 * How a step ended. `passed` and `failed` are test cases for a step that runs tests, else one of them is 1.
 *
 * @typedef {{ name: string, ok: boolean, passed: number, failed: number, seconds: number, note: string }} Outcome
 */

/**
 * Runs the steps one after the other, so that their output stays readable; a failed step does not stop the others, except
 * those that need it.
 *
 * @param {readonly import('./steps.mjs').Step[]} steps
 * @returns {Promise<readonly Outcome[]>}
 */
export async function runSteps(steps) {
  /** @type {Outcome[]} */
  const outcomes = []
  for (const step of steps) {
    const needed = outcomes.find(({ name }) => name === step.needs)
    if (needed && !needed.ok) {
      outcomes.push({
        name: step.name,
        ok: false,
        passed: 0,
        failed: 1,
        seconds: 0,
        note: `needs ${needed.name}`,
      })
      continue
    }
    console.log(`\n── ${step.name} ──`)
    outcomes.push(await runStep(step))
  }
  return outcomes
}

/** @param {import('./steps.mjs').Step} step @returns {Promise<Outcome>} */
async function runStep(step) {
  const before = step.countsTests ? countResults() : undefined
  const start = performance.now()
  const { code } = await runCommand(step.command, step.args)
  const seconds = (performance.now() - start) / 1000
  const outcome = { name: step.name, ok: code === 0, seconds, note: '' }
  if (!before) return { ...outcome, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
  const after = countResults()
  const passed = after.passed - before.passed
  const failed = after.failed - before.failed
  // A runner that fell over before its first test has failed too, and so has one that found no test.
  const ok = code === 0 && failed === 0 && passed > 0
  const silent = failed === 0 && passed > 0 && code !== 0
  const note = silent ? `ended with ${code}, no test failed` : passed + failed ? '' : 'ran no test'
  return { ...outcome, ok, passed, failed: ok ? 0 : Math.max(failed, 1), note }
}
