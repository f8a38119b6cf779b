import { info, threadBudget } from '@audiodecode/core'

import type { CheckedOptions } from '../check-options.js'
import type { DataItem } from '../loader-options.js'
import { pathOf } from './item-path.js'

/** What stands for a duration that has been asked for in vain. */
const UNKNOWN = -1

/** Files that are looked into at the same time, for each thread: most of it is waiting. */
const LOOKS_PER_THREAD = 4

/** How long the items are: as their list says, or as the files do, which are asked once. 8 bytes for each item at most. */
export class Durations {
  readonly #items: readonly DataItem[]
  readonly #options: CheckedOptions
  /** NaN: not asked yet. Made when it is needed first. */
  #asked: Float64Array | undefined

  constructor(items: readonly DataItem[], options: CheckedOptions) {
    this.#items = items
    this.#options = options
  }

  /** Seconds of each of these items, or null where neither list nor file say. Rejects with `signal.reason` after an abort. */
  async of(indices: readonly number[], signal: AbortSignal): Promise<readonly (number | null)[]> {
    const open = indices.filter((index) => this.#known(index) === undefined)
    if (open.length > 0) {
      // Without an await for what is known already, so that planning costs no turn.
      const queue = open.values()
      const workers = Math.min(open.length, LOOKS_PER_THREAD * threadBudget())
      await Promise.all(
        Array.from({ length: workers }, async () => {
          for (const index of queue) await this.#ask(index, signal)
        }),
      )
    }
    return indices.map((index) => this.#known(index) ?? null)
  }

  #known(index: number): number | null | undefined {
    const item = this.#items[index]
    const listed = typeof item === 'object' ? item.durationSeconds : undefined
    if (listed !== undefined) return listed
    const asked = this.#asked?.[index]
    if (asked === undefined || Number.isNaN(asked)) return undefined
    return asked === UNKNOWN ? null : asked
  }

  async #ask(index: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { cropFrames, bucketByDuration, maxBatchSeconds, load } = this.#options
    const { backend, track, limits } = load
    // Places of crops and the order depend on it; for memory an estimate will do.
    const scan = cropFrames !== undefined || bucketByDuration || maxBatchSeconds !== undefined
    let seconds: number | null = null
    try {
      const about = await info(pathOf(this.#items[index]!), {
        scan,
        signal,
        ...(backend === undefined ? {} : { backend }),
        ...(track === undefined ? {} : { track }),
        ...(limits === undefined ? {} : { limits }),
      })
      seconds = about.durationSeconds
    } catch {
      // It will fail again, with its reason, when it is loaded.
      signal.throwIfAborted()
    }
    this.#asked ??= new Float64Array(this.#items.length).fill(Number.NaN)
    this.#asked[index] = seconds ?? UNKNOWN
  }
}
