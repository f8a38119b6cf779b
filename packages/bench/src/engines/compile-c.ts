import { existsSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'

import { cacheFolder } from '../cache-folder.js'
import { childPath } from '../run-child.js'
import { runCommand } from '../run-command.js'

/** Compiles `children/NAME.c`, where that has not been done since it changed; `flags` are asked for then. Gives the program's path. */
export async function compileC(
  name: string,
  flags: () => Promise<readonly string[]> | readonly string[],
): Promise<string> {
  const source = childPath(`${name}.c`)
  const program = join(await cacheFolder(), name)
  if (existsSync(program) && statSync(program).mtimeMs > statSync(source).mtimeMs) return program
  await runCommand('gcc', ['-O3', source, '-o', `${program}.part`, ...(await flags())])
  await rename(`${program}.part`, program)
  return program
}
