import { pythonVersions } from './engines/python.js'
import { runCommand } from './run-command.js'

const COMMANDS = [
  ['ffmpeg', '-version'],
  ['lame', '--version'],
  ['flac', '--version'],
  ['oggenc', '--version'],
  ['opusenc', '--version'],
] as const

/** Versions of the peers and encoders that are installed: without them a ratio means little. */
export async function peerVersions(): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {}
  for (const [command, flag] of COMMANDS) {
    try {
      const { stdout } = await runCommand(command, [flag])
      found[command] = stdout.trim().split('\n')[0] ?? ''
    } catch {
      found[command] = 'not installed'
    }
  }
  for (const environment of ['peers', 'torchcodec', 'speech', 'whisper'] as const) {
    try {
      Object.assign(found, await pythonVersions(environment))
    } catch (error) {
      found[environment] =
        `not available: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return found
}
