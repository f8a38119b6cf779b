import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'

import { MessageReader } from './messages.js'
import type { ChildRequest, End, Message, Refused } from './messages.js'

/** Descriptor on which a process answers. */
const ANSWERS = 3

/** How a request ended: as it should, or with the death of the process. */
export type Outcome = End | Refused | Death

/** A process that is no more; `by` is the signal that ended it, if one did. */
interface Death {
  readonly kind: 'died'
  readonly by: NodeJS.Signals | null
}

/**
 * A Node process that has beamcoder loaded and serves one request at a time. It keeps this process alive only while it works, and
 * ends when this process does, since its input ends then.
 */
export class BeamcoderProcess {
  /** Version of FFmpeg; rejects with an Error that says why beamcoder cannot be loaded. */
  readonly ready: Promise<string>
  readonly #child: ChildProcess
  #take: (message: Message, samples: Float32Array) => void = () => {}
  #fail: (death: Death) => void = () => {}
  #death: Death | null = null
  #isEnding = false
  #memory = 0
  #sawErrors = false

  constructor(childFolder: string, beamcoderFolder: string) {
    // Options and hooks for this process are not meant for that one. In Electron it has to be told to be Node.
    const { NODE_OPTIONS: _, ...env } = process.env
    this.#child = spawn(process.execPath, [join(childFolder, 'main.mjs'), beamcoderFolder], {
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      // One background thread, as beamcoder-child/gate.mjs needs it.
      env: { ...env, ELECTRON_RUN_AS_NODE: '1', UV_THREADPOOL_SIZE: '1' },
      windowsHide: true,
    })
    const reader = new MessageReader((message, samples) => this.#take(message, samples))
    this.#pipe(ANSWERS)?.on('data', (bytes: Buffer) => reader.push(bytes))
    // Writing to a process that has just died is told by its death.
    for (const descriptor of [0, ANSWERS]) this.#pipe(descriptor)?.on('error', () => {})
    const died = (by: NodeJS.Signals | null): void => {
      this.#death ??= { kind: 'died', by }
      this.#fail(this.#death)
    }
    this.#child.once('error', () => died(null))
    this.#child.once('close', (_, by) => died(by))
    this.ready = this.#whenReady()
    this.ready.catch(() => {})
  }

  /** Whether it can take a request. */
  get isAlive(): boolean {
    return !this.#isEnding && this.#death === null
  }

  /** Whether FFmpeg has reported errors in requests before the last one, so that its memory may be damaged. */
  get sawErrors(): boolean {
    return this.#sawErrors
  }

  /** Resident bytes after the last request. */
  get memory(): number {
    return this.#memory
  }

  /** Sends a request. `take` gets what is said before the end; when it throws, the process is ended and the request rejects. */
  async run(
    request: ChildRequest,
    take: (message: Message, samples: Float32Array) => void,
  ): Promise<Outcome> {
    const hear = (
      message: Message,
      samples: Float32Array,
      settle: (value: Outcome) => void,
    ): void => {
      if (message.kind === 'end') this.#memory = message.memory
      if (message.kind === 'refused' && message.step !== undefined) this.#sawErrors = true
      if (message.kind === 'end' || message.kind === 'refused') settle(message)
      else take(message, samples)
    }
    return this.#listen(hear, () => this.#child.stdin?.write(`${JSON.stringify(request)}\n`))
  }

  /** Ends it, whatever it is doing. */
  kill(): void {
    this.#isEnding = true
    this.#child.kill('SIGKILL')
  }

  async #whenReady(): Promise<string> {
    const answer = await this.#listen<Message | Death>((message, _, settle) => settle(message))
    if (answer.kind === 'ready') return answer.version
    throw new Error(answer.kind === 'broken' ? answer.message : 'its process ended at once')
  }

  /** Waits, and keeps this process alive, until `hear` settles or the other process dies. */
  async #listen<T>(
    hear: (message: Message, samples: Float32Array, settle: (value: T) => void) => void,
    begin?: () => void,
  ): Promise<T | Death> {
    this.#keepAlive(true)
    try {
      return await new Promise<T | Death>((resolve, reject) => {
        if (this.#death !== null) return resolve(this.#death)
        this.#fail = resolve
        this.#take = (message, samples) => {
          try {
            hear(message, samples, resolve)
          } catch (error) {
            this.kill()
            this.#take = () => {}
            reject(error as Error)
          }
        }
        begin?.()
      })
    } finally {
      this.#keepAlive(false)
    }
  }

  #keepAlive(does: boolean): void {
    for (const one of [this.#child, this.#pipe(0), this.#pipe(ANSWERS)]) {
      if (does) one?.ref()
      else one?.unref()
    }
  }

  #pipe(descriptor: number): Socket | null {
    return (this.#child.stdio[descriptor] ?? null) as Socket | null
  }
}
