import type { CheckedOptions } from '../check-options.js'
import type { Durations } from '../items/durations.js'
import { createPermutation } from './permutation.js'
import type { Permutation } from './permutation.js'
import { windowOf } from './window-size.js'

/** A batch of the epoch's order, whichever rank it goes to. */
export interface GlobalBatch {
  /** Number of items. */
  readonly size: number
  /** Places of the items in the list; worked out when asked. */
  indices(): Int32Array
}

/** What the order of an epoch is made of. */
export interface EpochPlan {
  /** Number of items. */
  readonly items: number
  readonly seed: number
  readonly epoch: number
  readonly durations: Durations
  readonly signal: AbortSignal
}

/** What is drawn from the seed; a number of its own each. Crops draw with 3. */
const ORDER = 1
const BATCHES = 2

/** Items whose durations are asked for together where batches are cut by them. */
const CHUNK = 256

/**
 * The batches of an epoch in their order, from `position` items on. They depend on the items, the seed and the options that say what a
 * batch is, and on nothing else: not on ranks, workers, or where an earlier run stopped between two of them.
 *
 * @throws RangeError when `position` lies within a batch.
 */
export function planBatches(
  plan: EpochPlan,
  options: CheckedOptions,
  position: number,
): AsyncGenerator<GlobalBatch, void, undefined> {
  const itemAt = options.shuffle
    ? createPermutation(plan.items, [ORDER, plan.seed, plan.epoch])
    : (at: number): number => at
  if (options.bucketByDuration) return bucketed(plan, options, itemAt, position)
  return options.maxBatchSeconds === undefined
    ? bySize(plan, options, itemAt, position)
    : bySeconds(plan, options, itemAt, position)
}

async function* bySize(
  { items }: EpochPlan,
  { batchSize = 1, dropLast }: CheckedOptions,
  itemAt: Permutation,
  position: number,
): AsyncGenerator<GlobalBatch, void, undefined> {
  for (let start = position; start < items; start += batchSize) {
    const size = Math.min(batchSize, items - start)
    if (size < batchSize && dropLast) return
    yield { size, indices: () => Int32Array.from({ length: size }, (_, at) => itemAt(start + at)) }
  }
}

async function* bySeconds(
  plan: EpochPlan,
  options: CheckedOptions,
  itemAt: Permutation,
  position: number,
): AsyncGenerator<GlobalBatch, void, undefined> {
  let open = new OpenBatch(options)
  for (let start = position; start < plan.items; start += CHUNK) {
    const length = Math.min(CHUNK, plan.items - start)
    const indices = Array.from({ length }, (_, at) => itemAt(start + at))
    const seconds = await secondsOf(plan, options, indices)
    for (const [at, index] of indices.entries()) {
      if (!open.admits(seconds[at]!)) {
        yield open.batch()
        open = new OpenBatch(options)
      }
      open.add(index, seconds[at]!)
    }
  }
  if (open.size > 0) yield open.batch()
}

async function* bucketed(
  plan: EpochPlan,
  options: CheckedOptions,
  itemAt: Permutation,
  position: number,
): AsyncGenerator<GlobalBatch, void, undefined> {
  const window = windowOf(options.batchSize)
  const first = Math.floor(position / window)
  const planOne = async (number: number): Promise<readonly GlobalBatch[]> =>
    planWindow(plan, options, itemAt, number)
  const count = Math.ceil(plan.items / window)
  let planned = first < count ? planOne(first) : undefined
  for (let number = first; planned !== undefined; number++) {
    const batches = await planned
    // The durations of the next window are asked for while this one is loaded.
    planned = number + 1 < count ? planOne(number + 1) : undefined
    planned?.catch(() => {})
    let end = number * window
    for (const batch of batches) {
      const start = end
      end += batch.size
      if (start >= position) {
        yield batch
      } else if (end > position) {
        throw new RangeError(
          `the state's position ${position} lies within a batch; have the durations of the files changed?`,
        )
      }
    }
  }
}

/** The batches of a window: cut from its items in order of duration, then shuffled. */
async function planWindow(
  plan: EpochPlan,
  options: CheckedOptions,
  itemAt: Permutation,
  number: number,
): Promise<readonly GlobalBatch[]> {
  const { batchSize, maxBatchSeconds, shuffle, dropLast } = options
  const window = windowOf(batchSize)
  const start = number * window
  const length = Math.min(window, plan.items - start)
  const indices = Array.from({ length }, (_, at) => itemAt(start + at))
  const seconds = await secondsOf(plan, options, indices)
  const sorted = indices.map((_, at) => at).sort((a, b) => seconds[a]! - seconds[b]! || a - b)
  const batches: OpenBatch[] = []
  for (const at of sorted) {
    let open = batches.at(-1)
    if (open === undefined || !open.admits(seconds[at]!))
      batches.push((open = new OpenBatch(options)))
    open.add(indices[at]!, seconds[at]!)
  }
  // A batch that is not full stays the last one, so that all before it are.
  const last = batches.at(-1)
  const short =
    maxBatchSeconds === undefined && last !== undefined && last.size < (batchSize ?? 1)
      ? batches.pop()
      : undefined
  const order = shuffle
    ? createPermutation(batches.length, [BATCHES, plan.seed, plan.epoch, number])
    : (at: number): number => at
  const ordered = batches.map((_, at) => batches[order(at)]!.batch())
  if (short !== undefined && !dropLast) ordered.push(short.batch())
  return ordered
}

/** What counts of each item: its duration, or that of its crop. */
async function secondsOf(
  { durations, signal }: EpochPlan,
  { cropFrames, sampleRate }: CheckedOptions,
  indices: readonly number[],
): Promise<readonly number[]> {
  const most = cropFrames === undefined ? Infinity : cropFrames / sampleRate
  const seconds = await durations.of(indices, signal)
  // What cannot be read takes no time; it fails when it is loaded.
  return seconds.map((duration) => Math.min(duration ?? 0, most))
}

/** A batch that is being filled. */
class OpenBatch {
  readonly #options: CheckedOptions
  readonly #indices: number[] = []
  #longest = 0

  constructor(options: CheckedOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#indices.length
  }

  /** Whether one more item of that duration fits. An empty batch takes anything. */
  admits(seconds: number): boolean {
    const { batchSize = Infinity, maxBatchSeconds = Infinity } = this.#options
    const size = this.size + 1
    if (size === 1) return true
    return size <= batchSize && size * Math.max(this.#longest, seconds) <= maxBatchSeconds
  }

  add(index: number, seconds: number): void {
    this.#indices.push(index)
    this.#longest = Math.max(this.#longest, seconds)
  }

  batch(): GlobalBatch {
    const indices = this.#indices
    return { size: indices.length, indices: () => Int32Array.from(indices) }
  }
}
