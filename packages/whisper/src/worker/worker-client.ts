import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'

import { AudioDecodeError } from '@audiodecode/core'
import type { Segment, TranscribeProgress } from '@audiodecode/core'

import type { ModelConfig } from '../models/model-weights.js'
import type { Listened } from '../streaming/heard-word.js'
import type { FromWorker, JobMessage, SpokenLanguage, ToWorker, WorkerSetup } from './protocol.js'
import { fromSentError } from './send-error.js'
import { workerExecArgv } from './worker-exec-argv.js'

/** Who listens to a job. */
export interface JobListener {
  readonly onLanguage?: (language: SpokenLanguage) => void
  readonly onSegment?: (segment: Segment) => void
  readonly onVoice?: (probabilities: Float32Array) => void
  readonly onListened?: (listened: Listened) => void
  readonly onProgress?: (progress: TranscribeProgress) => void
}

interface PendingJob {
  readonly listener: JobListener
  readonly resolve: (result: { speechSeconds: number }) => void
  readonly reject: (error: unknown) => void
}

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
  static start(setup: WorkerSetup, signal?: AbortSignal): Promise<WorkerClient> {
    signal?.throwIfAborted()
    const worker = new Worker(workerUrl(), { workerData: setup, execArgv: workerExecArgv() })
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

  /** Transcribes 16 kHz samples, which are transferred when they fill their buffer and `transfer` says so. */
  run(
    job: {
      kind: 'transcribe' | 'detect-language' | 'voice' | 'listen'
      samples: Float32Array
      options?: unknown
      request?: unknown
    },
    listener: JobListener,
    { signal, transfer = false }: { signal?: AbortSignal | undefined; transfer?: boolean } = {},
  ): Promise<{ speechSeconds: number }> {
    if (this.#gone !== null) return Promise.reject(this.#gone)
    signal?.throwIfAborted()
    const id = this.#nextJob++
    const { samples } = job
    const list =
      transfer && samples.byteLength === samples.buffer.byteLength
        ? [samples.buffer as ArrayBuffer]
        : []
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#post({ kind: 'cancel', job: id })
        this.#end(id)?.reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      const done = <T>(settle: (value: T) => void) => {
        return (value: T): void => {
          signal?.removeEventListener('abort', onAbort)
          settle(value)
        }
      }
      this.#jobs.set(id, { listener, resolve: done(resolve), reject: done(reject) })
      this.#worker.ref()
      this.#post({ ...job, job: id } as ToWorker, list)
    })
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

  #post(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer)
  }

  #hear(id: number, message: JobMessage): void {
    const job = this.#jobs.get(id)
    if (job === undefined) return
    if (message.kind === 'language') job.listener.onLanguage?.(message)
    if (message.kind === 'segment') job.listener.onSegment?.(message.segment)
    if (message.kind === 'voice') job.listener.onVoice?.(message.probabilities)
    if (message.kind === 'listened') job.listener.onListened?.(message.listened)
    if (message.kind === 'progress') job.listener.onProgress?.(message.progress)
    if (message.kind === 'done') this.#end(id)?.resolve({ speechSeconds: message.speechSeconds })
    if (message.kind === 'failed') this.#end(id)?.reject(fromSentError(message.error))
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
