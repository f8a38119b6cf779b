import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

import { AudioDecodeError } from '@audiodecode/core'

import { fromSentError } from './protocol.js'
import type { TransformReply, TransformTask, WorkerSetup } from './protocol.js'
import { transferableBuffers } from './transferable-buffers.js'

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** A worker thread with a transform; it maps one batch at a time, and keeps the process alive only while it does. */
export class TransformThread {
  readonly #worker: Worker
  readonly #transform: string
  readonly #exited: Promise<void>
  #pending: Pending | undefined
  #nextId = 0
  #gone: AudioDecodeError | undefined

  constructor(setup: WorkerSetup) {
    this.#transform = setup.transform
    this.#worker = new Worker(workerUrl(), { workerData: setup, ...workerFlags() })
    this.#worker.unref()
    this.#worker.on('message', (reply: TransformReply) => this.#hear(reply))
    this.#worker.on('messageerror', (error) => this.#fail('its result cannot be read', error))
    this.#worker.on('error', (error) => this.#fail('its thread crashed', error))
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#fail(`its thread ended with code ${code}`, undefined)
        resolve()
      })
    })
  }

  /** Whether it cannot be used any more. */
  get isGone(): boolean {
    return this.#gone !== undefined
  }

  /** Maps a batch, whose arrays are transferred. */
  async run(batch: unknown): Promise<unknown> {
    if (this.#gone !== undefined) throw this.#gone
    const task: TransformTask = { id: this.#nextId++, batch }
    const result = new Promise<unknown>((resolve, reject) => {
      this.#pending = { resolve, reject }
    })
    this.#worker.ref()
    try {
      this.#worker.postMessage(task, transferableBuffers(batch))
    } catch (error) {
      this.#settle()?.reject(this.#errorOf('the batch cannot be sent to it', error))
    }
    return result
  }

  /** Ends the thread, whatever it does. */
  async close(): Promise<void> {
    this.#gone ??= new AudioDecodeError('ERR_CLOSED', 'the loader was closed')
    this.#settle()?.reject(this.#gone)
    await this.#worker.terminate()
    await this.#exited
  }

  #hear(reply: TransformReply): void {
    if (reply.kind === 'unusable') {
      this.#fail('it cannot be imported', fromSentError(reply.reason))
    } else if (reply.kind === 'done') {
      this.#settle()?.resolve(reply.value)
    } else if (reply.kind === 'failed') {
      this.#settle()?.reject(this.#errorOf('it failed', fromSentError(reply.reason)))
    }
  }

  #settle(): Pending | undefined {
    const pending = this.#pending
    this.#pending = undefined
    this.#worker.unref()
    return pending
  }

  #fail(what: string, cause: unknown): void {
    this.#gone ??= this.#errorOf(what, cause)
    this.#settle()?.reject(this.#gone)
  }

  #errorOf(what: string, cause: unknown): AudioDecodeError {
    const reason = cause instanceof Error ? `: ${cause.message}` : ''
    return new AudioDecodeError('ERR_TRANSFORM', `transform ${this.#transform}: ${what}${reason}`, {
      input: this.#transform,
      cause,
    })
  }
}

/** The built worker lies in the package's `dist`, wherever this module is. */
function workerUrl(): URL {
  // In a bundle of CommonJS format import.meta is empty.
  const here = import.meta.url ?? __filename
  const manifest = createRequire(here).resolve('@audiodecode/dataloader/package.json')
  return pathToFileURL(join(dirname(manifest), 'dist', 'transform-worker.js'))
}

/** Flags of Node that say what the program is, which a worker must not have: it has a file of its own. */
const OF_PROGRAM = new Set(['-e', '--eval', '-p', '--print', '-pe'])

/**
 * A worker inherits the flags of this process, unless they say what the program is. Only whole: V8's among them, such as
 * --max-old-space-size, are inherited but refused when they are given.
 */
function workerFlags(): { execArgv?: string[] } {
  const ofProgram = process.execArgv.some(
    (flag) => OF_PROGRAM.has(flag) || flag.startsWith('--input-type'),
  )
  return ofProgram ? { execArgv: [] } : {}
}
