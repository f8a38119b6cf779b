// Runs the tests of all crates and leaves their counts in .test-results/cargo.json, which `npm test` adds up.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../setup/root.mjs'

// The profile of the addon in tests, so that what it depends on is compiled once.
const cargo = spawn(
  'cargo',
  ['test', '--workspace', '--profile', 'fast', '--locked', '--no-fail-fast'],
  {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
let output = ''
cargo.stdout.on('data', (chunk) => {
  output += chunk
  process.stdout.write(chunk)
})
cargo.on('error', (error) => {
  console.error(`cargo could not be started: ${error.message}`)
  process.exitCode = 1
})
cargo.on('close', (code) => {
  const sum = (word) =>
    [...output.matchAll(new RegExp(`^test result: .*?(\\d+) ${word}`, 'gm'))].reduce(
      (total, match) => total + Number(match[1]),
      0,
    )
  const skipped = [...output.matchAll(/^test (.+?) \.\.\. ignored/gm)].map((match) => match[1])
  const failures = [...output.matchAll(/^test (.+?) \.\.\. FAILED/gm)].map((match) => match[1])
  mkdirSync(join(root, '.test-results'), { recursive: true })
  const counts = { passed: sum('passed'), failed: sum('failed'), failures, skipped }
  writeFileSync(join(root, '.test-results/cargo.json'), JSON.stringify(counts))
  process.exitCode = code ?? 1
})
