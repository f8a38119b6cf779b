import { spawn } from 'node:child_process'
import { isAbsolute } from 'node:path'

import { root } from './root.mjs'

/**
 * Runs a program and waits for it. Its output goes straight to the terminal, or comes back when `capture` is set. Never
 * rejects: a program that cannot be started has `code` 127.
 *
 * @param {string} command
 * @param {readonly string[]} [args]
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>} `output`: standard output and error together, when captured.
 */
export function runCommand(command, args = [], options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: options.env ?? process.env,
      stdio: options.capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      // Windows finds npx.cmd and the like only through a shell, which in turn trips over spaces in a path.
      shell: process.platform === 'win32' && !isAbsolute(command),
    })
    let output = ''
    child.stdout?.on('data', (chunk) => (output += chunk))
    child.stderr?.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve({ code: 127, output: error.message }))
    child.on('close', (code, signal) => resolve({ code: signal ? 1 : (code ?? 1), output }))
  })
}
