/** A failure that the command explains by its message alone, without a stack trace. */
export class CliError extends Error {
  /** Always "CliError". */
  override readonly name = 'CliError'
  /** Whether the command line is at fault (exit code 2) rather than a file (exit code 1). */
  readonly isUsage: boolean

  constructor(message: string, options: { isUsage?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.isUsage = options.isUsage ?? false
  }
}

/** A mistake in the command line: exit code 2. */
export function usageError(message: string): CliError {
  return new CliError(message, { isUsage: true })
}

/** What the model threw: what is wrong with the audio has a code, the rest is about the options, the same for every file. */
export function modelError(error: unknown): unknown {
  if (!(error instanceof RangeError || error instanceof TypeError)) return error
  return new CliError(error.message, { isUsage: true, cause: error })
}
