import { renderUsage, runCommand } from 'citty'
import type { CommandDef } from 'citty'

import { checkArguments } from './check-arguments.js'
import { CliError, usageError } from './cli-error.js'
import { commandContext } from './command-context.js'
import { commands, mainCommand } from './commands/index.js'
import { ExitCode } from './exit-code.js'
import { explain } from './explain.js'
import { packageVersion } from './package-version.js'
import { BrokenPipe, writeLine } from './streams.js'
import type { CliStreams } from './streams.js'
import { suggest } from './suggest.js'

/**
 * Runs the command with these arguments (without "node" and the script) on these streams, and gives its exit code: 0 done,
 * 1 a file failed or `--strict` found something, 2 a mistake in the arguments, 130 stopped through `streams.signal`.
 * Never rejects for anything a file or an argument can cause; never ends the process.
 */
export async function run(argv: readonly string[], streams: CliStreams): Promise<number> {
  try {
    return await dispatch(argv, streams)
  } catch (error) {
    if (error instanceof BrokenPipe) return ExitCode.ok
    if (streams.signal?.aborted === true) return ExitCode.interrupted
    const isUsage = error instanceof CliError && error.isUsage
    const hint = isUsage ? ` (audiodecode ${helpFor(argv)}--help)` : ''
    try {
      await writeLine(streams, 'stderr', `audiodecode: ${explain(error, streams.env)}${hint}`)
    } catch {
      // Nobody reads stderr any more; the exit code still tells.
    }
    return isUsage ? ExitCode.usage : ExitCode.failed
  }
}

async function dispatch(argv: readonly string[], streams: CliStreams): Promise<number> {
  const [first, ...rest] = argv
  if (first === undefined) {
    await writeLine(streams, 'stderr', await usage(mainCommand(packageVersion())))
    return ExitCode.usage
  }
  if (first === '--version' || first === '-v') {
    await writeLine(streams, 'stdout', packageVersion())
    return ExitCode.ok
  }
  if (first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
    await writeLine(streams, 'stdout', await usage(mainCommand(packageVersion())))
    return ExitCode.ok
  }
  const name = first === 'help' ? (rest[0] ?? '') : first
  const load = Object.hasOwn(commands, name) ? commands[name as keyof typeof commands] : undefined
  if (load === undefined) throw unknownCommand(name)
  const command = await load()
  if (first === 'help' || asksFor(rest, '--help', '-h')) {
    await writeLine(streams, 'stdout', await usage(command, mainCommand(packageVersion())))
    return ExitCode.ok
  }
  if (asksFor(rest, '--version')) {
    await writeLine(streams, 'stdout', packageVersion())
    return ExitCode.ok
  }
  const definition = typeof command.args === 'function' ? await command.args() : await command.args
  const data = commandContext(streams, checkArguments(rest, definition ?? {}))
  const { result } = await runCommand(command, { rawArgs: rest, data })
  return typeof result === 'number' ? result : ExitCode.ok
}

function asksFor(args: readonly string[], ...names: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end < 0 ? args.length : end).some((arg) => names.includes(arg))
}

function unknownCommand(name: string): CliError {
  const names = Object.keys(commands)
  if (name.startsWith('-'))
    return usageError(`unknown option ${name}; a command comes first: ${names.join(', ')}`)
  const meant = suggest(name, names)
  if (meant !== undefined) return usageError(`unknown command "${name}" (did you mean ${meant}?)`)
  return usageError(`unknown command "${name}"; the commands are ${names.join(', ')}`)
}

function helpFor(argv: readonly string[]): string {
  const name = argv[0]
  return name !== undefined && Object.hasOwn(commands, name) ? `${name} ` : ''
}

/** citty's help, with what it cannot say about the arguments: FILE repeats, and decode needs an output. */
async function usage(command: CommandDef, parent?: CommandDef): Promise<string> {
  const text = await renderUsage(command, parent)
  const output = text.includes('--output') ? ' -o OUT' : ''
  return text
    .replace('[FILE]', `FILE…${output}`)
    .replace('[FOLDER]', `FOLDER|FILE|PATTERN…${output}`)
    .replaceAll(/[ \t]+$/gm, '')
    .trimEnd()
}
