import { existsSync, statSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'

import { cacheFolder } from '../cache-folder.js'
import { childPath } from '../run-child.js'
import { runCommand } from '../run-command.js'
import { startEngine } from './engine.js'
import type { Engine } from './engine.js'

const LIBRARIES = ['libavformat', 'libavcodec', 'libavutil'] as const
const ADVICE =
  'FFmpeg’s headers and a C compiler are needed: apt-get install gcc pkg-config libavformat-dev libavcodec-dev libavutil-dev'

/** The system's FFmpeg libraries in a small C program, compiled at the first call. */
export async function startFfmpegLibrary(): Promise<Engine> {
  return startEngine({ command: await compiled(), args: [], env: process.env })
}

async function compiled(): Promise<string> {
  const source = childPath('ffmpeg_library.c')
  const program = join(await cacheFolder(), 'ffmpeg_library')
  if (existsSync(program) && statSync(program).mtimeMs > statSync(source).mtimeMs) return program
  try {
    const { stdout } = await runCommand('pkg-config', ['--cflags', '--libs', ...LIBRARIES])
    const flags = stdout.trim().split(/\s+/)
    await runCommand('gcc', ['-O3', source, '-o', `${program}.part`, ...flags, '-lm'])
  } catch (cause) {
    throw new Error(ADVICE, { cause })
  }
  await rename(`${program}.part`, program)
  return program
}
