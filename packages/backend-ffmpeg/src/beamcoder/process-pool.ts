import { threadBudget } from '@audiodecode/core'

import type { BeamcoderProcess } from './beamcoder-process.js'

/** An idle process is ended after this time: it holds about 100 MB. */
const IDLE_MS = 10_000

/**
 * Resident bytes at which a process is replaced: beamcoder does not free all that it takes (a new one has about 110 MB, and one file
 * of ten minutes leaves about 2 MB).
 */
const MOST_BYTES = 400 * 1024 ** 2

/** Processes of one copy of beamcoder: as many as the thread budget allows, each lent to one request at a time. */
export class ProcessPool {
  readonly #create: () => BeamcoderProcess
  readonly #idle = new Map<BeamcoderProcess, NodeJS.Timeout>()
  readonly #waiting: (() => void)[] = []
  #lent = 0

  constructor(create: () => BeamcoderProcess) {
    this.#create = create
  }

  /** Lends a process to `work`, when it is its turn; rejects with `signal.reason` when that fires first. */
  async use<T>(
    signal: AbortSignal | undefined,
    work: (lent: BeamcoderProcess) => Promise<T>,
  ): Promise<T> {
    await this.#turn(signal)
    if (signal?.aborted === true) {
      this.#next()
      throw signal.reason
    }
    const lent = this.#take()
    const stop = (): void => lent.kill()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      return await work(lent)
    } finally {
      signal?.removeEventListener('abort', stop)
      this.#giveBack(lent)
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (this.#lent < threadBudget()) {
      this.#lent += 1
      return
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1)
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiting.push(go)
    })
  }

  #take(): BeamcoderProcess {
    for (const [idle, timer] of this.#idle) {
      clearTimeout(timer)
      this.#idle.delete(idle)
      if (idle.isAlive) return idle
    }
    return this.#create()
  }

  #giveBack(lent: BeamcoderProcess): void {
    if (lent.memory > MOST_BYTES) lent.kill()
    if (lent.isAlive) {
      const end = (): void => {
        this.#idle.delete(lent)
        lent.kill()
      }
      this.#idle.set(lent, setTimeout(end, IDLE_MS).unref())
    }
    this.#next()
  }
  /** Gives a place to who waits longest. */
  #next(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#lent -= 1
    else next()
  }
}
