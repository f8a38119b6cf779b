import { fileURLToPath } from 'node:url'

import { runCommand } from './run-command.js'
import type { CommandRun } from './run-command.js'

/** The path of a program in `children/`. */
export function childPath(program: string): string {
  return fileURLToPath(new URL(`../children/${program}`, import.meta.url))
}

/** Runs a program of `children/` in a Node process of its own, from start to exit. Rejects when it fails. */
export function runChild(program: string, args: readonly string[] = []): Promise<CommandRun> {
  return runCommand(process.execPath, [childPath(program), ...args])
}
