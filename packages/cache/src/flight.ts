/** Work that several callers wait for. It is ended when the last of them has left. */
export class Flight<T> {
  readonly #controller = new AbortController()
  readonly #work: Promise<T>
  #waiting = 0
  /** Callers that have waited for it. */
  joined = 0

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#work = work(this.#controller.signal)
    // Each waiter hears of a failure; without any it concerns nobody.
    this.#work.catch(() => {})
  }

  /** Whether all who waited have left, so that it is being ended. */
  get isAbandoned(): boolean {
    return this.#controller.signal.aborted
  }

  /** The result, or a rejection with the signal's reason as soon as it fires. */
  async wait(signal: AbortSignal | undefined): Promise<T> {
    this.joined++
    this.#waiting++
    let stop: (() => void) | undefined
    try {
      if (signal === undefined) return await this.#work
      const aborted = new Promise<never>((_, reject) => {
        stop = () => reject(signal.reason as Error)
        if (signal.aborted) stop()
        else signal.addEventListener('abort', stop, { once: true })
      })
      return await Promise.race([this.#work, aborted])
    } finally {
      if (stop !== undefined) signal?.removeEventListener('abort', stop)
      this.#waiting--
      if (this.#waiting === 0 && signal?.aborted === true) this.#controller.abort(signal.reason)
    }
  }
}
