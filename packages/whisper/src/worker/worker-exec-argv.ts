/** Flags of Node that say what the program is, which a worker must not have: it has a file of its own. */
const OF_PROGRAM = new Set(['-e', '--eval', '-p', '--print', '-pe'])

/**
 * The flags of Node for a worker: those of this process, which a worker inherits when it is given none, unless they say what the
 * program is. Only whole: V8's among them, such as --max-old-space-size, are inherited but refused when they are given.
 */
export function workerExecArgv(flags: readonly string[] = process.execArgv): string[] | undefined {
  const ofProgram = flags.some((flag) => OF_PROGRAM.has(flag) || flag.startsWith('--input-type'))
  return ofProgram ? [] : undefined
}
