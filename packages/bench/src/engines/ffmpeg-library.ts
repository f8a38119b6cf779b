import { runCommand } from '../run-command.js'
import { compileC } from './compile-c.js'
import { startEngine } from './engine.js'
import type { Engine } from './engine.js'

const LIBRARIES = ['libavformat', 'libavcodec', 'libavutil'] as const
const ADVICE =
  'FFmpeg’s headers and a C compiler are needed: apt-get install gcc pkg-config libavformat-dev libavcodec-dev libavutil-dev'

/** The system's FFmpeg libraries in a small C program, compiled at the first call. */
export async function startFfmpegLibrary(): Promise<Engine> {
  const command = await compileC('ffmpeg_library', async () => {
    const { stdout } = await runCommand('pkg-config', ['--cflags', '--libs', ...LIBRARIES])
    return [...stdout.trim().split(/\s+/), '-lm']
  }).catch((cause: unknown) => {
    throw new Error(ADVICE, { cause })
  })
  return startEngine({ command, args: [], env: process.env })
}
