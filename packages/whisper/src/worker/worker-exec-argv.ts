/** Flags of Node that a program given on the command line was started with; a worker has a file of its own. */
const OF_EVAL = new Set(['-e', '--eval', '-p', '--print', '-pe'])

/** The flags of this process for a worker: without those that say what the program is. */
export function workerExecArgv(flags: readonly string[] = process.execArgv): string[] {
  return flags.filter((flag, index) => {
    const isProgram = OF_EVAL.has(flags[index - 1] ?? '')
    return !isProgram && !OF_EVAL.has(flag) && !flag.startsWith('--input-type')
  })
}
