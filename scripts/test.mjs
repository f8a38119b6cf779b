// `npm test [-- --quick]`: set up, build, and run every check. `--quick` leaves out what takes long and seldom fails.
import { buildBeamcoder } from './setup/build-beamcoder.mjs'
import { fetchTestModels } from './setup/fetch-test-models.mjs'
import { installTestPackages } from './setup/install-test-packages.mjs'
import { prepare } from './setup/prepare.mjs'
import { printSummary } from './testing/print-summary.mjs'
import { clearResults } from './testing/results.mjs'
import { runSteps } from './testing/run-steps.mjs'
import { steps } from './testing/steps.mjs'

const quick = process.argv.includes('--quick')
const { missing } = await prepare()
if (missing.length > 0)
  console.error(`Without ${missing.join(' and ')} every native step below will fail.\n`)

await installTestPackages()
await fetchTestModels()
// turbo sees it, so that tests that were skipped without it are run again.
const beamcoder = await buildBeamcoder()
if (beamcoder !== null) process.env.AUDIODECODE_BEAMCODER = beamcoder

clearResults()
const outcomes = await runSteps(steps.filter((step) => !quick || !step.slow))
process.exitCode = printSummary(outcomes) ? 0 : 1
