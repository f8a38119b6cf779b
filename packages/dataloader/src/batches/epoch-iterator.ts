import { setImmediate as nextTurn } from 'node:timers/promises'

import type { DataItem } from '../loader-options.js'
import type { BatchQueue } from './batch-queue.js'
import type { ReadyBatch } from './batch-slot.js'

/** What an epoch tells the loader. */
export interface EpochListener {
  /** A batch is about to be taken. What it throws ends the epoch. */
  onBatch(ready: ReadyBatch, waitedMs: number, elapsedMs: number): void
  /** The plan has come to its end. What it throws ends the epoch in its place. */
  onEnd(): void
  /** Nothing more comes, however it ended; everything in flight has let go. */
  onClosed(): void
}

/**
 * The consumer's side of an epoch. Written out instead of as a generator, whose `return()` would wait for a pending `next()` instead of
 * ending the work.
 */
export class EpochIterator<Out> implements AsyncIterator<Out, undefined> {
  readonly #open: () => Promise<BatchQueue<DataItem>>
  readonly #listener: EpochListener
  readonly #ending: AbortController
  #queue: Promise<BatchQueue<DataItem>> | undefined
  /** Calls of `next()` come one after the other. */
  #last: Promise<unknown> = Promise.resolve()
  #closed: Promise<void> | undefined
  /** Whether the consumer has been told how it ended. */
  #isOver = false
  #deliveredAt: number | undefined
  /** Whether the event loop has gone round since the last batch was delivered. */
  #hasTurned = false

  /** `ending` ends the work; whoever aborts it gives the reason that a pending `next()` rejects with. */
  constructor(
    open: () => Promise<BatchQueue<DataItem>>,
    listener: EpochListener,
    ending: AbortController,
  ) {
    this.#open = open
    this.#listener = listener
    this.#ending = ending
    // Memory is not kept until the consumer comes back.
    ending.signal.addEventListener('abort', () => void this.#close(), { once: true })
  }

  /** The next batch. Rejects with what ends the epoch, once. */
  async next(): Promise<IteratorResult<Out, undefined>> {
    const next = this.#last.then(async () => this.#next())
    this.#last = next.catch(() => {})
    return next
  }

  /** Ends the epoch and resolves when all work has let go; a `next()` that waits is done. */
  async return(): Promise<IteratorResult<Out, undefined>> {
    this.#isOver = true
    await this.#close()
    return { done: true, value: undefined }
  }

  async #next(): Promise<IteratorResult<Out, undefined>> {
    if (this.#isOver) return { done: true, value: undefined }
    const { signal } = this.#ending
    try {
      signal.throwIfAborted()
      const value = await this.#take()
      if (value !== undefined) return { done: false, value: value as Out }
      this.#isOver = true
      this.#listener.onEnd()
      await this.#close()
      return { done: true, value: undefined }
    } catch (error) {
      this.#isOver = true
      const reason: unknown = signal.aborted ? signal.reason : error
      await this.#close()
      if (reason === LEFT) return { done: true, value: undefined }
      throw reason
    }
  }

  async #take(): Promise<unknown> {
    const calledAt = performance.now()
    this.#queue ??= this.#open()
    const queue = await this.#queue
    // A batch that is there would be taken without a turn of the event loop, so that a consumer that computes on this thread would
    // keep the next ones from being loaded. Loading a file takes some turns, which are quick. Whoever awaited something since the last
    // batch has given them.
    if (!this.#hasTurned) await giveTurns(queue)
    for (;;) {
      const ready = await queue.take()
      if (ready === undefined) return undefined
      const now = performance.now()
      const elapsedMs = now - (this.#deliveredAt ?? calledAt)
      this.#listener.onBatch(ready, now - calledAt, elapsedMs)
      this.#deliveredAt = performance.now()
      this.#hasTurned = false
      setImmediate(() => (this.#hasTurned = true)).unref()
      if (ready.value !== undefined) return ready.value
    }
  }

  async #close(): Promise<void> {
    this.#closed ??= this.#drain()
    return this.#closed
  }

  async #drain(): Promise<void> {
    this.#ending.abort(LEFT)
    const queue = await this.#queue?.catch(() => undefined)
    await queue?.drain()
    this.#listener.onClosed()
  }
}

/** Turns of the event loop before a batch is taken, when no other is ready behind it. */
const MOST_TURNS = 4

async function giveTurns(queue: BatchQueue<DataItem>): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS && (turn === 0 || !queue.isAhead); turn++) await nextTurn()
}

/** Why work ends that nobody waits for. */
const LEFT = new Error('the consumer left the epoch')
