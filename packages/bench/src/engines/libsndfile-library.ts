import { compileC } from './compile-c.js'
import { startEngine } from './engine.js'
import type { Engine } from './engine.js'

const ADVICE = 'libsndfile and a C compiler are needed: apt-get install gcc libsndfile1'

/** The system's libsndfile in a small C program, compiled at the first call. */
export async function startLibsndfileLibrary(): Promise<Engine> {
  // By its file name: the package without headers has no libsndfile.so.
  const flags = ['-l:libsndfile.so.1']
  const command = await compileC('libsndfile_library', () => flags).catch((cause: unknown) => {
    throw new Error(ADVICE, { cause })
  })
  return startEngine({ command, args: [], env: process.env })
}
