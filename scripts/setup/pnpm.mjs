import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { fail } from './fail.mjs'
import { root } from './root.mjs'
import { runCommand } from './run-command.mjs'

/** Version of pnpm that the workspace is pinned to, from `packageManager` in package.json. */
export function pinnedPnpmVersion() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return packageManager.split('@')[1]
}

/** Puts the pinned pnpm on the PATH of this process and its children, without installing it globally. turbo needs it there. */
export async function usePinnedPnpm() {
  const specifier = `pnpm@${pinnedPnpmVersion()}`
  const printPath = ['-y', '--package', specifier, 'node', '-p', 'process.env.PATH']
  const { code, output } = await runCommand('npx', printPath, { capture: true })
  const folder = output
    .split(/\r?\n/)
    .flatMap((line) => line.split(delimiter))
    .find((entry) => /[\\/]_npx[\\/]/.test(entry) && existsSync(join(entry, 'pnpm')))
  if (code !== 0 || folder === undefined) {
    fail(`npm could not install ${specifier}. Is the npm registry reachable?\n\n${output}`)
  }
  process.env.PATH = `${folder}${delimiter}${process.env.PATH ?? ''}`
}
