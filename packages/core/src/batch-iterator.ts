import { linkSignals } from './link-signals.js'
import type { LinkedSignal } from './link-signals.js'

/** What bounds a batch. */
export interface BatchBounds {
  readonly concurrency: number
  readonly ordered: boolean
  readonly signal: AbortSignal | undefined
}

/** Does a piece of work; must not reject. */
export type BatchWork<T, R> = (input: T, index: number, signal: AbortSignal) => Promise<R>

interface Waiter<R> {
  resolve(result: IteratorResult<R, undefined>): void
  reject(reason: unknown): void
}

/**
 * Works on what `source` yields, at most `concurrency` at a time and at most as many results ahead of the consumer. Written out
 * instead of as a generator, whose `return()` would wait for a pending `next()` instead of ending the work.
 */
export class BatchIterator<T, R> implements AsyncIterator<R, undefined> {
  readonly #source: Iterator<T, unknown> | AsyncIterator<T, unknown>
  readonly #work: BatchWork<T, R>
  readonly #bounds: BatchBounds
  readonly #leaving = new AbortController()
  readonly #link: LinkedSignal
  /** Results by index that the consumer has not taken. */
  readonly #finished = new Map<number, R>()
  readonly #waiters: Waiter<R>[] = []
  readonly #running = new Set<Promise<void>>()
  #pulled = 0
  #taken = 0
  #pulling = false
  #exhausted = false
  /** Why the batch ends before its time, once the results that are under way are taken. */
  #failure: { readonly reason: unknown } | null = null
  #ended = false
  /** After an abort: whether everything in flight has let go, so that it can be told. */
  #drained = true

  constructor(
    source: Iterator<T, unknown> | AsyncIterator<T, unknown>,
    work: BatchWork<T, R>,
    bounds: BatchBounds,
  ) {
    this.#source = source
    this.#work = work
    this.#bounds = bounds
    this.#link = linkSignals([bounds.signal, this.#leaving.signal])
    const { signal } = this.#link
    signal.addEventListener('abort', () => this.#onAbort(), { once: true })
    if (signal.aborted) this.#onAbort()
  }

  /** The next result. Rejects with `signal.reason` after an abort, and with what the source threw once all before it is taken. */
  async next(): Promise<IteratorResult<R, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.#advance()
    })
  }

  /** Aborts what is in flight, closes the source, and resolves when all has let go. */
  async return(): Promise<IteratorResult<R, undefined>> {
    this.#drained = true
    this.#end()
    this.#leaving.abort(new Error('the consumer left the batch'))
    this.#link[Symbol.dispose]()
    await Promise.allSettled(this.#running)
    return { done: true, value: undefined }
  }

  #advance(): void {
    this.#deliver()
    if (!this.#ended) void this.#pull()
  }

  #deliver(): void {
    while (this.#waiters.length > 0) {
      if (this.#ended) {
        if (!this.#drained) return
        const failure = this.#failure
        this.#failure = null
        const waiter = this.#waiters.shift()
        if (failure === null) waiter?.resolve({ done: true, value: undefined })
        else waiter?.reject(failure.reason)
        continue
      }
      const index = this.#nextIndex()
      if (index !== undefined) {
        const value = this.#finished.get(index)!
        this.#finished.delete(index)
        this.#taken++
        this.#waiters.shift()?.resolve({ done: false, value })
      } else if (this.#exhausted && this.#taken === this.#pulled) {
        this.#ended = true
        this.#link[Symbol.dispose]()
      } else {
        return
      }
    }
  }

  /** Which finished result is next, if it is there: a Map keeps the order of finishing. */
  #nextIndex(): number | undefined {
    if (this.#bounds.ordered) return this.#finished.has(this.#taken) ? this.#taken : undefined
    const first = this.#finished.keys().next()
    return first.done === true ? undefined : first.value
  }

  async #pull(): Promise<void> {
    if (this.#pulling) return
    this.#pulling = true
    try {
      while (
        !this.#exhausted &&
        !this.#ended &&
        this.#pulled - this.#taken < this.#bounds.concurrency
      ) {
        const pulled = this.#source.next()
        // Without an await for what is there already: a synchronous source starts its files at once.
        const next = isPromise(pulled) ? await pulled : pulled
        if (this.#ended) return
        if (next.done === true) {
          this.#exhausted = true
        } else {
          this.#start(next.value)
        }
      }
    } catch (reason) {
      this.#exhausted = true
      this.#failure ??= { reason }
    } finally {
      this.#pulling = false
      this.#deliver()
    }
  }

  #start(input: T): void {
    const index = this.#pulled++
    const { signal } = this.#link
    const running = this.#work(input, index, signal).then((result) => {
      this.#running.delete(running)
      if (this.#ended) return
      this.#finished.set(index, result)
      this.#advance()
    })
    this.#running.add(running)
  }

  #onAbort(): void {
    if (this.#ended) return
    this.#drained = false
    this.#failure = { reason: this.#link.signal.reason }
    this.#end()
    this.#link[Symbol.dispose]()
    void Promise.allSettled(this.#running).then(() => {
      this.#drained = true
      this.#deliver()
    })
  }

  #end(): void {
    if (!this.#ended && !this.#exhausted) void this.#closeSource()
    this.#ended = true
    this.#finished.clear()
    this.#deliver()
  }

  async #closeSource(): Promise<void> {
    try {
      await this.#source.return?.()
    } catch {
      // It is not needed any more; how it ends concerns nobody.
    }
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value
}
