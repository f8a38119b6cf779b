import { execFile } from 'node:child_process'
import { performance } from 'node:perf_hooks'

/** What a command printed and how long it took, from start to exit. */
export interface CommandRun {
  readonly stdout: string
  readonly wallMs: number
}

/** Debian packages of the commands the bench uses. */
const PACKAGES: Readonly<Record<string, string>> = {
  ffmpeg: 'ffmpeg',
  flac: 'flac',
  lame: 'lame',
  oggenc: 'vorbis-tools',
  opusenc: 'opus-tools',
  sox: 'sox',
}

/** Runs a command. Rejects when it fails, and says how to install it when it is missing. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<CommandRun> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    execFile(command, args, { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (!error) {
        resolve({ stdout, wallMs: performance.now() - start })
      } else if (error.code === 'ENOENT') {
        const name = PACKAGES[command]
        const advice = name === undefined ? '' : `: apt-get install ${name}`
        reject(new Error(`the bench needs the command ${command}${advice}`))
      } else {
        reject(new Error(`${command} failed: ${stderr.trim() || error.message}`))
      }
    })
  })
}
