import { childPath } from '../run-child.js'
import { startEngine } from './engine.js'
import type { Engine } from './engine.js'

/** AudioDecode in a process of its own with this budget of threads. */
export function startAudioDecode({
  threads,
  env = process.env,
}: {
  readonly threads: number
  readonly env?: NodeJS.ProcessEnv
}): Engine {
  return startEngine({
    command: process.execPath,
    args: ['--expose-gc', childPath('audiodecode-engine.mjs'), String(threads)],
    env,
  })
}
