/** What the command tells the shell. */
export const ExitCode = {
  /** Everything was done. */
  ok: 0,
  /** At least one file failed, or `--strict` found something. */
  failed: 1,
  /** The command line cannot be understood; nothing was done. */
  usage: 2,
  /** Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const
