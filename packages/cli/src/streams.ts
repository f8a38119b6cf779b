import { stripVTControlCharacters } from 'node:util'

/** Where the command writes: a process stream, or anything with `write`. */
export interface CliOutput {
  /** Calls back when the chunk is handed on, with the error when it cannot be. */
  write(chunk: string | Uint8Array, done: (error?: Error | null) => void): unknown
  /** Whether a person is looking. */
  readonly isTTY?: boolean | undefined
  /** Width of the terminal in characters. */
  readonly columns?: number | undefined
}

/** What the command reads from and writes to; tests pass their own. */
export interface CliStreams {
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean | undefined }
  /** Results: tables, JSON, samples of `-o -`. */
  readonly stdout: CliOutput
  /** Messages and progress. */
  readonly stderr: CliOutput
  /** Environment: NO_COLOR, AUDIODECODE_DEBUG. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Ends the command: unfinished files are removed and the exit code is 130. */
  readonly signal?: AbortSignal | undefined
}

/** The reader of our output has gone (`audiodecode … | head`): a reason to stop, not to complain. */
export class BrokenPipe extends Error {
  /** Always "BrokenPipe". */
  override readonly name = 'BrokenPipe'
}

/** Writes and waits until it is handed on, so that a slow reader holds us back. Rejects with BrokenPipe when it has gone. */
export function write(output: CliOutput, chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => {
      if (error === undefined || error === null) resolve()
      else reject(isBrokenPipe(error) ? new BrokenPipe('output closed', { cause: error }) : error)
    }
    output.write(chunk, done)
  })
}

/** Writes text and a line end; escape codes are left out unless `output` is a terminal that wants colour. */
export function writeLine(
  streams: CliStreams,
  to: 'stdout' | 'stderr',
  text: string,
): Promise<void> {
  const output = streams[to]
  return write(output, `${hasColor(output, streams.env) ? text : stripVTControlCharacters(text)}\n`)
}

/** Whether `output` takes colours: a terminal, not a dumb one, and NO_COLOR is unset or empty (no-color.org). */
export function hasColor(output: CliOutput, env: CliStreams['env']): boolean {
  const noColor = env['NO_COLOR']
  return (
    output.isTTY === true && (noColor === undefined || noColor === '') && env['TERM'] !== 'dumb'
  )
}

function isBrokenPipe(error: Error): boolean {
  const code: unknown = Reflect.get(error, 'code')
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'EOF'
}
