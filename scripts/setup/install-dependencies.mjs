import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { fail } from './fail.mjs'
import { root } from './root.mjs'
import { runCommand } from './run-command.mjs'
import { workspaceMembers } from './workspace-members.mjs'

const STAMP = join(root, 'node_modules/.audiodecode-installed')

/** Everything that decides what `pnpm install` does. */
function fingerprint() {
  const manifests = workspaceMembers().map((folder) => join(folder, 'package.json'))
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]
  const hash = createHash('sha256').update(process.version)
  for (const file of files) {
    hash.update(file).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

/** Installs the npm dependencies exactly as the lockfile says; does nothing when that was done before. */
export async function installDependencies() {
  const wanted = fingerprint()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return
  const { code } = await runCommand('pnpm', [
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
  ])
  if (code !== 0) fail('The dependencies could not be installed (see above).')
  writeFileSync(STAMP, wanted)
}
