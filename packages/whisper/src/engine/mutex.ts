/** Lets one in at a time, in the order of asking. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()
  /** Those inside and those waiting. */
  #count = 0

  /** Whether anybody waits. */
  get isWanted(): boolean {
    return this.#count > 1
  }

  /** Runs `work` once all that asked before have ended. */
  run<T>(work: () => Promise<T>): Promise<T> {
    this.#count += 1
    const result = this.#last.then(work).finally(() => {
      this.#count -= 1
    })
    this.#last = result.catch(() => {})
    return result
  }
}
