import { execFile } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

/** What a child process printed and how long it lived. */
export interface ChildRun {
  readonly stdout: string
  readonly wallMs: number
}

/** Runs a program of `children/` in a Node process of its own, from start to exit. Rejects when it fails. */
export function runChild(program: string, args: readonly string[] = []): Promise<ChildRun> {
  const path = fileURLToPath(new URL(`../children/${program}`, import.meta.url))
  const start = performance.now()
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [path, ...args], (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} failed: ${stderr.trim() || error.message}`))
      else resolve({ stdout, wallMs: performance.now() - start })
    })
  })
}
