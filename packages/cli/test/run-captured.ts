import { run } from '../src/run.js'
import type { CliStreams } from '../src/streams.js'

/** What a run printed and returned. */
export interface Captured {
  readonly code: number
  readonly stdout: string
  readonly stdoutBytes: Uint8Array
  readonly stderr: string
}

/** Runs the command in this process; `stdin` is what `-` reads. */
export async function runCaptured(
  argv: readonly string[],
  options: Partial<CliStreams> & { readonly input?: Uint8Array } = {},
): Promise<Captured> {
  const out: Uint8Array[] = []
  const err: Uint8Array[] = []
  const capture = (chunks: Uint8Array[]): CliStreams['stdout'] => ({
    write(chunk, done) {
      chunks.push(Buffer.from(chunk as Uint8Array))
      setImmediate(done)
    },
  })
  const code = await run(argv, {
    stdin: bytesIn(options.input),
    stdout: capture(out),
    stderr: capture(err),
    env: {},
    ...options,
  })
  const stdoutBytes = Buffer.concat(out)
  return {
    code,
    stdout: stdoutBytes.toString(),
    stdoutBytes,
    stderr: Buffer.concat(err).toString(),
  }
}

async function* bytesIn(input: Uint8Array = new Uint8Array()): AsyncGenerator<Uint8Array> {
  // In two pieces, as a pipe would give it.
  const middle = Math.floor(input.length / 2)
  yield input.subarray(0, middle)
  yield input.subarray(middle)
}
