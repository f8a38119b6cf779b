import { setImmediate as nextTurn } from 'node:timers/promises'

import { AudioDecodeError, loadBatch, threadBudget } from '@audiodecode/core'

import type { AudioBatch } from './audio-batch.js'
import { BatchQueue } from './batches/batch-queue.js'
import type { ReadyBatch } from './batches/batch-slot.js'
import { ConcurrencyTuner } from './batches/concurrency-tuner.js'
import { EpochIterator } from './batches/epoch-iterator.js'
import { createErrorTally } from './batches/error-tally.js'
import type { ErrorTally } from './batches/error-tally.js'
import { frameLayout } from './batches/frame-layout.js'
import { createTakenBatches } from './batches/taken-batches.js'
import type { TakenBatches } from './batches/taken-batches.js'
import { checkOptions } from './check-options.js'
import type { CheckedOptions } from './check-options.js'
import { Durations } from './items/durations.js'
import { checkItems } from './items/item-path.js'
import { createScratchPool } from './items/scratch.js'
import type { DataItem, DataLoaderOptions, DataLoaderStats } from './loader-options.js'
import { checkState } from './loader-state.js'
import type { DataLoaderState } from './loader-state.js'
import { createFingerprint, differenceOf } from './order/fingerprint.js'
import type { Fingerprint } from './order/fingerprint.js'
import { planBatches } from './order/plan-batches.js'
import { planRank } from './order/plan-rank.js'
import { createTransformPool } from './transform/transform-pool.js'
import type { TransformPool } from './transform/transform-pool.js'

/** Files at the same time, at first and at most, for each thread: what is not decoding waits for a disk or for its turn. */
const FIRST_PER_THREAD = 4
const MOST_PER_THREAD = 32

/** More open files than this help nobody, and processes may have 1,024. */
const MOST_FILES = 256

/** Where an epoch is. */
interface Place {
  readonly epoch: number
  readonly position: number
}

/**
 * Batches of audio for training. Each iteration is an epoch: items in a seeded order, decoded (or a random crop of each), turned into
 * features if wanted, padded and put into one tensor, ahead of the consumer as far as `prefetchBytes` allows. What comes depends on the
 * items, the seed and the epoch, never on threads, timing or where an earlier run was interrupted.
 *
 * A second iteration is the next epoch. Leaving the loop ends the epoch and stops the work. One iteration at a time. `Out` is what
 * `transform` makes of a batch.
 */
export class AudioDataLoader<Item extends DataItem, Out = AudioBatch<Item>>
  implements AsyncIterable<Out>, AsyncDisposable
{
  readonly #items: readonly Item[]
  readonly #options: CheckedOptions
  readonly #durations: Durations
  readonly #scratch = createScratchPool()
  readonly #taken: TakenBatches
  readonly #tuner: ConcurrencyTuner
  readonly #transform: TransformPool | undefined
  #seed: number
  #place: Place = { epoch: 0, position: 0 }
  /** Where the next iteration begins, when it is not simply the next epoch. */
  #start: Place | undefined = { epoch: 0, position: 0 }
  readonly #fingerprint: Fingerprint
  #tally: ErrorTally
  #damaged: number[] = []
  #decodedSeconds = 0
  #waitedMs = 0
  #running: { readonly ending: AbortController; readonly closed: Promise<void> } | undefined
  #isClosed = false

  /**
   * Checks items and options; no file is touched before the first iteration. The list must not change afterwards.
   *
   * @throws TypeError or RangeError for items or options that are wrong.
   */
  constructor(items: readonly Item[], options: DataLoaderOptions) {
    const checked = checkOptions(options)
    // Checks what `load` will be given, and does nothing, since it is not iterated.
    loadBatch([], { ...checked.load, sampleRate: checked.sampleRate, mono: checked.mono })
    this.#items = checkItems(items)
    this.#options = checked
    this.#seed = checked.seed
    this.#fingerprint = createFingerprint(items, checked)
    this.#taken = createTakenBatches(checked.prefetchBytes / 4)
    this.#durations = new Durations(items, checked)
    const threads = threadBudget()
    const most = Math.min(MOST_FILES, MOST_PER_THREAD * threads)
    this.#tuner = new ConcurrencyTuner(FIRST_PER_THREAD * threads, most)
    this.#tally = createErrorTally(checked.maxErrorRate)
    const { transform, plugins } = checked
    this.#transform =
      transform && createTransformPool({ plugins, transform: transform.href }, threads)
  }

  /** Of the epoch so far, up to the batch that was taken last. */
  get stats(): DataLoaderStats {
    return {
      skipped: this.#tally.skipped,
      damaged: this.#damaged,
      decodedSeconds: this.#decodedSeconds,
      waitedMs: this.#waitedMs,
      concurrency: this.#tuner.value,
    }
  }

  /** Where the loader is: `resume` continues from here with exactly the next batch, whatever the number of ranks and workers then. */
  state(): DataLoaderState {
    const { epoch, position } = this.#start ?? this.#place
    return { version: 1, fingerprint: this.#fingerprint.value(), epoch, position, seed: this.#seed }
  }

  /**
   * Makes the next iteration continue where `state` was taken, with its seed.
   *
   * @throws TypeError or RangeError for what is no state, and for that of other items or of another order; TypeError during an
   * iteration.
   */
  resume(state: DataLoaderState): void {
    this.#requireIdle('resume()')
    const { fingerprint, epoch, position, seed } = checkState(state, this.#items.length)
    const difference = differenceOf(fingerprint, this.#fingerprint.value())
    if (difference !== null) throw new RangeError(difference)
    this.#seed = seed
    this.#start = { epoch, position }
  }

  /**
   * Makes the next iteration the epoch of that number, from its beginning.
   *
   * @throws TypeError or RangeError for what is no whole number from 0; TypeError during an iteration.
   */
  setEpoch(epoch: number): void {
    this.#requireIdle('setEpoch()')
    if (typeof epoch !== 'number') throw new TypeError('epoch must be a number')
    if (!Number.isSafeInteger(epoch) || epoch < 0) {
      throw new RangeError(`epoch must be a whole number from 0, not ${epoch}`)
    }
    this.#start = { epoch, position: 0 }
  }

  /**
   * Begins an epoch: the first one, the one that `setEpoch` or `resume` say, or the next.
   *
   * @throws AudioDecodeError ERR_CLOSED after `close()`; TypeError while another iteration is under way.
   */
  [Symbol.asyncIterator](): AsyncIterator<Out, undefined> {
    if (this.#isClosed) throw closedError()
    this.#requireIdle('a second iteration')
    const place = this.#start ?? { epoch: this.#place.epoch + 1, position: 0 }
    this.#place = place
    this.#start = undefined
    return this.#iterate(place)
  }

  /** Ends the epoch, whose consumer gets ERR_CLOSED, stops all work and threads, and frees the memory. May be called again. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#running?.ending.abort(closedError())
    await Promise.all([this.#running?.closed, this.#transform?.close()])
    this.#scratch.clear()
  }

  /** The same as `close()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #iterate(place: Place): AsyncIterator<Out, undefined> {
    const { signal, onError, maxErrorRate, onProgress } = this.#options
    const ending = new AbortController()
    const onAbort = (): void => ending.abort(signal?.reason)
    if (signal?.aborted === true) onAbort()
    else signal?.addEventListener('abort', onAbort, { once: true })
    let closed: (() => void) | undefined
    this.#running = { ending, closed: new Promise((resolve) => (closed = resolve)) }
    const tally = createErrorTally(maxErrorRate)
    this.#tally = tally
    this.#damaged = []
    this.#decodedSeconds = this.#waitedMs = 0
    let batches = 0
    return new EpochIterator<Out>(
      async () => this.#openQueue(place, ending.signal),
      {
        onBatch: (ready, waitedMs, elapsedMs) => {
          const items = ready.planned.indices.length
          if (onError === 'throw' && ready.failed[0] !== undefined) throw ready.failed[0].error
          this.#tuner.record({ waitedMs, elapsedMs, items })
          this.#note(ready, waitedMs)
          tally.add(items, ready.failed)
          if (ready.value !== undefined) batches++
          const totalItems = this.#items.length
          onProgress?.({ batches, items: ready.planned.endPosition, totalItems })
        },
        onEnd: () => {
          tally.end()
          this.#start = { epoch: place.epoch + 1, position: 0 }
        },
        onClosed: () => {
          signal?.removeEventListener('abort', onAbort)
          this.#scratch.clear()
          this.#running = undefined
          closed?.()
        },
      },
      ending,
    )
  }

  async #openQueue({ epoch, position }: Place, signal: AbortSignal): Promise<BatchQueue<Item>> {
    const layout = await frameLayout(this.#options, signal)
    void this.#prepareState(signal)
    const [items, options, durations] = [this.#items, this.#options, this.#durations]
    const seed = this.#seed
    const plan = { items: items.length, seed, epoch, durations, signal }
    return new BatchQueue({
      items,
      options,
      seed,
      epoch,
      plan: planRank(planBatches(plan, options, position), options, position),
      durations,
      scratch: this.#scratch,
      taken: this.#taken,
      layout,
      tuner: this.#tuner,
      transform: this.#transform,
      signal,
    })
  }

  #note({ planned, damaged, decodedSeconds }: ReadyBatch, waitedMs: number): void {
    this.#place = { ...this.#place, position: planned.endPosition }
    this.#damaged.push(...damaged)
    this.#decodedSeconds += decodedSeconds
    this.#waitedMs += waitedMs
  }

  /** So that `state()` need not stop everything for a long list. */
  async #prepareState(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#fingerprint.advance()) await nextTurn()
  }

  #requireIdle(what: string): void {
    if (this.#running === undefined) return
    throw new TypeError(
      `the loader is being iterated: ${what} must wait until that loop has been left`,
    )
  }
}

function closedError(): AudioDecodeError {
  return new AudioDecodeError('ERR_CLOSED', 'The loader is closed. Make another one.')
}
