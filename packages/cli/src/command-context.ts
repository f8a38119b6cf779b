import type { CliStreams } from './streams.js'

/** What every command gets besides its options. */
export interface CommandContext {
  /** Where to read and write. */
  readonly streams: CliStreams
  /** The arguments that are not options: the files. */
  readonly files: readonly string[]
}

const contexts = new WeakSet<object>()

/** The context that `run` hands to a command through citty's untyped `data`. */
export function commandContext(streams: CliStreams, files: readonly string[]): CommandContext {
  const context = { streams, files }
  contexts.add(context)
  return context
}

/** The other end: citty's `data` with its type. Throws when the command was started without `run`. */
export function contextFrom(data: unknown): CommandContext {
  if (typeof data !== 'object' || data === null || !contexts.has(data)) {
    throw new TypeError('commands are started by run()')
  }
  return data as CommandContext
}
