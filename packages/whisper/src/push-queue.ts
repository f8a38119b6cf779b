/** Values that come when they come, read by one reader in their order. */
export class PushQueue<T> implements AsyncIterable<T> {
  readonly #values: T[] = []
  #end: { error: unknown } | { error: null } | null = null
  #wake: (() => void) | null = null

  push(value: T): void {
    this.#values.push(value)
    this.#wake?.()
  }

  /** Nothing more comes. */
  close(): void {
    this.#end ??= { error: null }
    this.#wake?.()
  }

  /** Nothing more comes; the reader gets the error behind what came before. */
  fail(error: unknown): void {
    this.#end ??= { error }
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    while (true) {
      const value = this.#values.shift()
      if (value !== undefined) {
        yield value
        continue
      }
      if (this.#end !== null) {
        if (this.#end.error !== null) throw this.#end.error
        return
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = null
    }
  }
}
