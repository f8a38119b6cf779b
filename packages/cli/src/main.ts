import { ExitCode } from './exit-code.js'
import { removeTemporaryFiles } from './output/temporary-files.js'
import { run } from './run.js'

/**
 * Runs the command on this process's arguments and streams and sets `process.exitCode`. The first Ctrl-C (or SIGTERM)
 * stops the work and removes unfinished files; the second ends the process at once.
 */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  const controller = new AbortController()
  let code: number = ExitCode.interrupted
  const stop = (signal: NodeJS.Signals): void => {
    code = signal === 'SIGTERM' ? 143 : ExitCode.interrupted
    if (controller.signal.aborted) process.exit(code)
    controller.abort(new Error(`stopped by ${signal}`))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('exit', removeTemporaryFiles)
  // Errors of these streams reach us through the callbacks of write(); unhandled they would end the process.
  process.stdout.on('error', () => {})
  process.stderr.on('error', () => {})

  let readsStdin = false
  const result = await run(argv, {
    // A getter: merely touching process.stdin opens it.
    get stdin() {
      readsStdin = true
      return process.stdin
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: controller.signal,
  })
  process.exitCode = result === ExitCode.interrupted ? code : result
  process.off('SIGINT', stop)
  process.off('SIGTERM', stop)
  // A pipe that is still open would keep the process alive.
  if (readsStdin) process.stdin.destroy()
}
