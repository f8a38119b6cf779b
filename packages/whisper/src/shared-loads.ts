import { AudioDecodeError } from '@audiodecode/core'

/** Something that is loaded once and freed in the end. */
export interface Closable {
  close(): Promise<void>
}

interface Load<T> {
  readonly value: Promise<T>
  readonly controller: AbortController
  /** Callers that wait for it. */
  waiting: number
  settled: boolean
}

/** Things by name, each loaded by the first who asks and shared by all. What failed is tried again by the next. */
export class SharedLoads<T extends Closable> {
  readonly #load: (name: string, signal: AbortSignal) => Promise<T>
  readonly #loads = new Map<string, Load<T>>()

  constructor(load: (name: string, signal: AbortSignal) => Promise<T>) {
    this.#load = load
  }

  /** Waits for it, until the signal: a load, perhaps a long download, that nobody waits for any more is given up. */
  async get(name: string, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    const load = this.#loads.get(name) ?? this.#begin(name)
    load.waiting += 1
    let leave = (): void => {}
    const aborted = new Promise<never>((_, reject) => {
      leave = () => reject(signal?.reason)
      signal?.addEventListener('abort', leave, { once: true })
    })
    try {
      return await Promise.race([load.value, aborted])
    } finally {
      signal?.removeEventListener('abort', leave)
      load.waiting -= 1
      if (load.waiting === 0 && !load.settled) {
        this.#forget(name, load)
        load.controller.abort(signal?.reason)
      }
    }
  }

  /** Frees all; what is still loading is given up. */
  async close(): Promise<void> {
    const loads = [...this.#loads.values()]
    this.#loads.clear()
    const reason = new AudioDecodeError('ERR_CLOSED', 'the model was closed')
    for (const load of loads) if (!load.settled) load.controller.abort(reason)
    await Promise.allSettled(loads.map(async ({ value }) => (await value).close()))
  }

  #begin(name: string): Load<T> {
    const controller = new AbortController()
    const value = this.#load(name, controller.signal)
    const load: Load<T> = { value, controller, waiting: 0, settled: false }
    this.#loads.set(name, load)
    value.then(
      () => {
        load.settled = true
      },
      () => {
        load.settled = true
        this.#forget(name, load)
      },
    )
    return load
  }

  #forget(name: string, load: Load<T>): void {
    if (this.#loads.get(name) === load) this.#loads.delete(name)
  }
}
