// Compares docs/conformance.md with what the conformance tests of all backends wrote down (etc/conformance.json of each). `--update`
// writes it anew.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../setup/root.mjs'
import { workspaceMembers } from '../setup/workspace-members.mjs'
import { conformancePage } from './conformance-page.mjs'

const { checks } = await import(
  new URL('../../packages/backend-tests/dist/index.js', import.meta.url)
)
const tables = workspaceMembers()
  .map((folder) => join(root, folder, 'etc/conformance.json'))
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, 'utf8')))

const path = join(root, 'docs/conformance.md')
const page = conformancePage(checks, tables)
if (process.argv.includes('--update')) {
  writeFileSync(path, page)
} else if (!existsSync(path) || readFileSync(path, 'utf8') !== page) {
  console.error(
    'docs/conformance.md is not what the tests of the backends say: npm run conformance:update',
  )
  process.exitCode = 1
}
