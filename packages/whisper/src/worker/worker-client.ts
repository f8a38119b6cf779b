import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

import { AudioDecodeError } from '@audiodecode/core'

import type { ModelConfig } from '../models/model-weights.js'
import type { FromWorker, JobMessage, Task, TaskInput, ToWorker, WorkerSetup } from './protocol.js'
import { fromSentError } from './send-error.js'
import { workerExecArgv } from './worker-exec-argv.js'

/** Who listens to a job. */
export type JobListener = (message: JobMessage) => void

/** A job that a worker does. */
export interface RunningJob {
  /** Seconds that were listened to, once it is done; an abort rejects it at once. */
  readonly done: Promise<number>
  /** Gives it what it works on; buffers in the list change hands. */
  send(input: TaskInput, transfer?: readonly ArrayBuffer[]): void
}

interface PendingJob {
  readonly listener: JobListener
  readonly resolve: (speechSeconds: number) => void
  readonly reject: (error: unknown) => void
}

/**
 * V8's room for young objects. It looks for dead ones when that is full, and with it finds the spectrograms that nobody needs any more:
 * with its own 48 MB dozens of them gather between two looks. Transcribing takes no longer.
 */
const YOUNG_MB = 8

/** The main thread's side of a worker that holds a model. It keeps the process alive only while there is work. */
export class WorkerClient {
  readonly config: ModelConfig
  readonly #worker: Worker
  readonly #jobs = new Map<number, PendingJob>()
  #nextJob = 0
  #gone: Error | null = null

  private constructor(worker: Worker, config: ModelConfig) {
    this.#worker = worker
    this.config = config
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'job') this.#hear(message.job, message.message)
    })
    worker.on('error', (error) => this.#fail(error))
    worker.on('exit', () => this.#fail(new AudioDecodeError('ERR_CLOSED', 'the model was closed')))
    worker.unref()
  }

  /** Starts a worker and waits until its model is loaded. */
  static load(setup: WorkerSetup, signal?: AbortSignal): Promise<WorkerClient> {
    signal?.throwIfAborted()
    const worker = new Worker(workerUrl(), {
      workerData: setup,
      execArgv: workerExecArgv(),
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    return new Promise((resolve, reject) => {
      // One by one: removing all listeners would take away Node's own, too.
      const settle = (how: () => void): void => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit)
        signal?.removeEventListener('abort', onAbort)
        how()
      }
      const onMessage = (message: FromWorker): void => {
        if (message.kind === 'unusable') settle(() => reject(fromSentError(message.error)))
        if (message.kind === 'ready') {
          settle(() => resolve(new WorkerClient(worker, message.config)))
        }
      }
      const onError = (error: unknown): void => settle(() => reject(error))
      const onExit = (): void =>
        settle(() => reject(new AudioDecodeError('ERR_MODEL', 'the worker of the model ended')))
      const onAbort = (): void => {
        settle(() => reject(signal?.reason))
        void worker.terminate()
      }
      worker.on('message', onMessage).on('error', onError).on('exit', onExit)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  /** Jobs that are not done. */
  get load(): number {
    return this.#jobs.size
  }

  /** Begins a job. */
  start(task: Task, listener: JobListener, signal: AbortSignal): RunningJob {
    const id = this.#nextJob++
    const done = new Promise<number>((resolve, reject) => {
      if (this.#gone !== null) throw this.#gone
      signal.throwIfAborted()
      const onAbort = (): void => {
        this.#post({ kind: 'cancel', job: id })
        this.#end(id)?.reject(signal.reason)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T): void => {
          signal.removeEventListener('abort', onAbort)
          settle(value)
        }
      }
      this.#jobs.set(id, { listener, resolve: settled(resolve), reject: settled(reject) })
      this.#worker.ref()
      this.#post({ kind: 'start', job: id, task })
    })
    return {
      done,
      send: (input, transfer = []) => {
        if (this.#jobs.has(id)) this.#post({ kind: 'input', job: id, input }, transfer)
      },
    }
  }

  /** Ends what is running and frees the model. */
  async close(): Promise<void> {
    if (this.#gone !== null) return
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()))
    this.#worker.ref()
    this.#post({ kind: 'close' })
    this.#fail(new AudioDecodeError('ERR_CLOSED', 'the model was closed'))
    await exited
  }

  #post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer)
  }

  #hear(id: number, message: JobMessage): void {
    const job = this.#jobs.get(id)
    if (job === undefined) return
    if (message.kind === 'done') this.#end(id)?.resolve(message.speechSeconds)
    else if (message.kind === 'failed') this.#end(id)?.reject(fromSentError(message.error))
    else job.listener(message)
  }

  #end(id: number): PendingJob | undefined {
    const job = this.#jobs.get(id)
    this.#jobs.delete(id)
    if (this.#jobs.size === 0) this.#worker.unref()
    return job
  }

  #fail(error: Error): void {
    this.#gone ??= error
    for (const id of this.#jobs.keys()) this.#end(id)?.reject(error)
  }
}

/** The built worker lies in the package's `dist`, wherever this module is. */
function workerUrl(): URL {
  const manifest = createRequire(import.meta.url).resolve('@audiodecode/whisper/package.json')
  return pathToFileURL(join(dirname(manifest), 'dist', 'whisper-worker.js'))
}
