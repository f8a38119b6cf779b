import { AudioDecodeError } from '@audiodecode/core'

import type { ModelConfig } from '../models/model-weights.js'
import { SampleFeed } from './feed-samples.js'
import type { JobMessage, SpokenLanguage, Task, WorkerSetup } from './protocol.js'
import { sideBySide } from './side-by-side.js'
import { transcribeInChunks } from './transcribe-in-chunks.js'
import type { TranscriptListener, TranscriptRequest, Workers } from './transcribe-in-chunks.js'
import { WorkerClient } from './worker-client.js'

/** How many workers there are. */
export interface PoolSize {
  readonly workers: number
  /** Whether all are begun at once, or only the first. */
  readonly atOnce: boolean
}

/** Workers that hold the same model. They keep the process alive only while they work. */
export class WorkerPool implements Workers {
  readonly #clients: WorkerClient[]
  readonly #setup: WorkerSetup
  readonly #workers: number
  readonly #closing = new AbortController()
  #growing: Promise<void> | null = null

  private constructor(clients: WorkerClient[], setup: WorkerSetup, workers: number) {
    this.#clients = clients
    this.#setup = setup
    this.#workers = workers
  }

  /** Starts the workers that are begun at once and waits until they have loaded the model. */
  static async load(
    setup: WorkerSetup,
    { workers, atOnce }: PoolSize,
    signal?: AbortSignal,
  ): Promise<WorkerPool> {
    // A new model is compiled by one of them, the others wait for its files.
    const clients = await startAll(setup, atOnce ? workers : 1, signal)
    return new WorkerPool(clients, setup, workers)
  }

  /** Those that have loaded the model. */
  get ready(): readonly WorkerClient[] {
    return this.#clients
  }

  /** Starts those that are not begun yet; resolves when they are ready. What fails is tried again the next time. */
  grow(): Promise<void> {
    const missing = this.#workers - this.#clients.length
    if (missing <= 0) return Promise.resolve()
    this.#growing ??= startAll(this.#setup, missing, this.#closing.signal)
      .then(
        (clients) => void this.#clients.push(...clients),
        () => {},
      )
      .finally(() => {
        this.#growing = null
      })
    return this.#growing
  }

  /** Shape of the model. */
  get config(): ModelConfig {
    return this.#freest().config
  }

  /** Gives the seconds that were listened to. */
  async transcribe(
    request: TranscriptRequest,
    listener: TranscriptListener,
    signal: AbortSignal,
  ): Promise<number> {
    const most = sideBySide(request.samples.length, request.options, this.config)
    if (most !== null) {
      const how = { most, endOfText: this.config.endOfText, signal }
      return transcribeInChunks(this, request, how, listener)
    }
    const { samples, owned, options } = request
    const feed = new SampleFeed(samples, owned)
    const task = { kind: 'transcribe', options, frames: samples.length } as const
    const job = this.#freest().start(task, (message) => tellAll(message, feed, listener), signal)
    await Promise.all([feed.send(job), job.done])
    return job.done
  }

  /** The language of 16 kHz samples. */
  async detectLanguage(samples: Float32Array, owned: boolean): Promise<SpokenLanguage> {
    const feed = new SampleFeed(samples, owned)
    let found: SpokenLanguage = { language: 'en', probability: 0, all: {} }
    const listener = (message: JobMessage): void => {
      feed.hear(message)
      if (message.kind !== 'language') return
      const { language, probability, all } = message
      found = { language, probability, all }
    }
    const task = { kind: 'detect-language', frames: samples.length } as const
    const job = this.#freest().start(task, listener, new AbortController().signal)
    await Promise.all([feed.send(job), job.done])
    return found
  }

  /** Does a small task that is told whole. */
  async ask(
    task: Extract<Task, { samples: Float32Array }>,
    listener: (message: JobMessage) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#freest().start(task, listener, signal).done
  }

  /** Ends what is running and frees the models. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#growing
    await Promise.all(this.#clients.map((client) => client.close()))
  }

  /** The worker that has the least to do; when it has something, more are begun for those who come later. */
  #freest(): WorkerClient {
    const [first] = this.#clients.toSorted((a, b) => a.load - b.load)
    if (first === undefined) throw new AudioDecodeError('ERR_CLOSED', 'the model has no worker')
    if (first.load > 0) void this.grow()
    return first
  }
}

async function startAll(
  setup: WorkerSetup,
  workers: number,
  signal: AbortSignal | undefined,
): Promise<WorkerClient[]> {
  const started = await Promise.allSettled(
    Array.from({ length: workers }, () => WorkerClient.load(setup, signal)),
  )
  const clients = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const failed = started.find((each) => each.status === 'rejected')
  if (failed === undefined) return clients
  await Promise.all(clients.map((client) => client.close()))
  throw failed.reason
}

function tellAll(message: JobMessage, feed: SampleFeed, listener: TranscriptListener): void {
  feed.hear(message)
  if (message.kind === 'language') listener.onLanguage(message)
  if (message.kind === 'segment') listener.onSegment(message.segment)
  if (message.kind === 'progress') listener.onProgress(message.progress)
}
