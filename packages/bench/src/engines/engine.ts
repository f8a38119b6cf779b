import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A long-lived child process that answers one command after the other. */
export interface Engine extends AsyncDisposable {
  /** Sends `{ op, ...command }` and resolves with the answer; rejects with what the child says went wrong. */
  call<T>(op: string, command: Readonly<Record<string, unknown>>): Promise<T>
}

/** What every engine tells of a timed decode. */
export interface TimedDecode {
  readonly ms: number
  readonly frames: number
  readonly channels: number
  readonly sampleRate: number
}

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; error: string }

interface Waiting {
  readonly resolve: (line: string) => void
  readonly reject: (error: Error) => void
}

/** Starts a child that speaks JSON lines on stdin and stdout. */
export function startEngine(options: {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}): Engine {
  const child = spawn(options.command, options.args, {
    env: options.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting: Waiting[] = []
  let failure: Error | null = null
  const fail = (error: Error): void => {
    failure ??= error
    for (const one of waiting.splice(0)) one.reject(failure)
  }
  const closed = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      fail(error)
      resolve()
    })
    child.once('close', (code, signal) => {
      fail(new Error(`${options.args[0]} ended with ${signal ?? `code ${code}`}`))
      resolve()
    })
  })
  child.stdin.on('error', fail)
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line))
  return {
    async call<T>(op: string, command: Readonly<Record<string, unknown>>): Promise<T> {
      if (failure) throw failure
      const answered = new Promise<string>((resolve, reject) => waiting.push({ resolve, reject }))
      child.stdin.write(`${JSON.stringify({ op, ...command })}\n`)
      const answer = JSON.parse(await answered) as Answer
      if (!answer.ok) throw new Error(`${options.args[0]} ${op}: ${answer.error}`)
      return answer.value as T
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await closed
    },
  }
}
