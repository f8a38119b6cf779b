import { existsSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'

import { cacheFolder } from '../cache-folder.js'
import { childPath } from '../run-child.js'
import { runCommand } from '../run-command.js'
import { startEngine } from './engine.js'
import type { Engine } from './engine.js'

const ADVICE = 'libsndfile and a C compiler are needed: apt-get install gcc libsndfile1'

/** The system's libsndfile in a small C program, compiled at the first call. */
export async function startLibsndfileLibrary(): Promise<Engine> {
  return startEngine({ command: await compiled(), args: [], env: process.env })
}

async function compiled(): Promise<string> {
  const source = childPath('libsndfile_library.c')
  const program = join(await cacheFolder(), 'libsndfile_library')
  if (existsSync(program) && statSync(program).mtimeMs > statSync(source).mtimeMs) return program
  try {
    // By its file name: the package without headers has no libsndfile.so.
    await runCommand('gcc', ['-O3', source, '-o', `${program}.part`, '-l:libsndfile.so.1'])
  } catch (cause) {
    throw new Error(ADVICE, { cause })
  }
  await rename(`${program}.part`, program)
  return program
}
