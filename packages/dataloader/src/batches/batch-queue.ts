import { threadBudget } from '@audiodecode/core'
import type { AudioDecodeError } from '@audiodecode/core'

import type { CheckedOptions } from '../check-options.js'
import type { Durations } from '../items/durations.js'
import { loadItem, scratchLength } from '../items/load-item.js'
import type { ScratchPool } from '../items/scratch.js'
import type { DataItem } from '../loader-options.js'
import type { RankBatch } from '../order/plan-rank.js'
import { bytesOf } from '../transform/transferable-buffers.js'
import type { TransformPool } from '../transform/transform-pool.js'
import { createSlot } from './batch-slot.js'
import type { BatchSlot, ReadyBatch } from './batch-slot.js'
import { BatchTensor } from './batch-tensor.js'
import type { ConcurrencyTuner } from './concurrency-tuner.js'
import { createBatch, longestFrames } from './create-batch.js'
import type { FrameLayout } from './frame-layout.js'
import { createItemCost } from './item-cost.js'
import type { ItemCost } from './item-cost.js'
import { splitMembers } from './split-members.js'
import type { TakenBatches } from './taken-batches.js'

/** The share of the bound that batches which were taken and are still there may use up. */
const MOST_TAKEN = 0.875

/** What a queue works with. */
export interface QueueContext<Item extends DataItem> {
  readonly items: readonly Item[]
  readonly options: CheckedOptions
  readonly seed: number
  readonly epoch: number
  readonly plan: AsyncIterator<RankBatch, void>
  readonly durations: Durations
  readonly scratch: ScratchPool
  readonly taken: TakenBatches
  readonly layout: FrameLayout
  readonly tuner: ConcurrencyTuner
  readonly transform: TransformPool | undefined
  /** Ends the work. */
  readonly signal: AbortSignal
}

/**
 * Loads batches ahead of whoever takes them: the items of the next ones first, so many at a time as the tuner says, as far as bytes
 * allow. What is taken comes in the order of the plan, however the loading went.
 */
export class BatchQueue<Item extends DataItem> {
  readonly #context: QueueContext<Item>
  readonly #cost: ItemCost
  /** Batches that have been planned and not taken, in order. */
  readonly #slots: BatchSlot[] = []
  /** Those of them that have items to start. */
  readonly #open: BatchSlot[] = []
  readonly #work = new Set<Promise<unknown>>()
  #running = 0
  /** Items of planned batches that have not ended. */
  #unfinished = 0
  #bytes = 0
  #planning = false
  #planned = false
  /** What went wrong with the plan itself. */
  #failure: { readonly reason: unknown } | undefined
  #wake: (() => void) | undefined

  constructor(context: QueueContext<Item>) {
    this.#context = context
    this.#cost = createItemCost(context.options, context.layout)
    context.signal.addEventListener('abort', () => this.#onAbort(), { once: true })
    this.#pump()
  }

  /** Whether the batch behind the next one is ready. */
  get isAhead(): boolean {
    return this.#slots[1]?.isReady === true
  }

  /** The next batch, or undefined when there is none. Rejects with what ends the epoch. */
  async take(): Promise<ReadyBatch | undefined> {
    const { signal, taken } = this.#context
    for (;;) {
      signal.throwIfAborted()
      const slot = this.#slots[0]
      if (slot !== undefined) {
        const ready = await slot.result
        signal.throwIfAborted()
        this.#slots.shift()
        this.#hold(slot, 0)
        taken.add(ready.value)
        this.#pump()
        return ready
      }
      if (this.#failure !== undefined) throw this.#failure.reason
      if (this.#planned) return undefined
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /** Resolves when everything in flight has let go, after the signal has fired. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#work)
    for (const slot of this.#slots) {
      for (const item of slot.loaded) if ('release' in item) item.release()
    }
    this.#slots.length = 0
    this.#open.length = 0
    this.#bytes = 0
  }

  #onAbort(): void {
    const { reason } = this.#context.signal
    for (const { settle } of this.#slots) settle.reject(reason)
    this.#wake?.()
  }

  #pump(): void {
    const { signal, tuner } = this.#context
    if (signal.aborted) return
    // One batch more than is being loaded, so that its durations are there in time.
    if (this.#open.length < 2 && !this.#planning && !this.#planned) this.#track(this.#planNext())
    for (;;) {
      const slot = this.#open[0]
      if (slot === undefined || this.#running >= tuner.value) return
      const seconds = slot.seconds[slot.started] ?? null
      const bytes = this.#cost.expected(seconds)
      // The batch that is waited for is loaded whatever it takes.
      if (slot !== this.#slots[0] && !this.#hasRoom(bytes, seconds)) return
      this.#start(slot, bytes)
      if (slot.started === slot.planned.indices.length) {
        this.#open.shift()
        if (!this.#planning && !this.#planned) this.#track(this.#planNext())
      }
    }
  }

  /** Whether an item may be started within the bound, with what it is decoded into. */
  #hasRoom(bytes: number, seconds: number | null): boolean {
    const { options, scratch, taken } = this.#context
    const length = scratchLength(options, seconds)
    const growth = length === 0 ? 0 : scratch.growth(length)
    const most = options.prefetchBytes
    // A consumer that keeps all of its batches still gets some ahead.
    const left = most - Math.min(taken.bytes, most * MOST_TAKEN)
    const fits = (): boolean => this.#bytes + bytes + scratch.bytes + growth <= left
    if (fits()) return true
    // What lies there for items of another length may be better spent on this one.
    if (growth > 0) scratch.clear()
    return fits()
  }

  /** Brings one more batch in, with the durations of its items. */
  async #planNext(): Promise<void> {
    const { plan, durations, signal } = this.#context
    this.#planning = true
    try {
      const next = await plan.next()
      if (next.done === true) {
        this.#planned = true
      } else {
        const seconds = await durations.of([...next.value.indices], signal)
        signal.throwIfAborted()
        const slot = createSlot(next.value, seconds)
        this.#slots.push(slot)
        this.#open.push(slot)
        this.#unfinished += seconds.length
      }
    } catch (reason) {
      this.#planned = true
      this.#failure = { reason }
    } finally {
      this.#planning = false
    }
    this.#wake?.()
    this.#pump()
  }

  #start(slot: BatchSlot, bytes: number): void {
    const at = slot.started++
    slot.running++
    this.#running++
    this.#hold(slot, slot.bytes + bytes)
    this.#track(this.#load(slot, at, bytes))
  }

  async #load(slot: BatchSlot, at: number, expectedBytes: number): Promise<void> {
    const { items, options, seed, epoch, signal } = this.#context
    const index = slot.planned.indices[at]!
    const request = {
      item: items[index]!,
      index,
      seed,
      epoch,
      seconds: slot.seconds[at] ?? null,
      threads: this.#threads(),
      signal,
    }
    let bytes = 0
    try {
      const loaded = await loadItem(request, options, this.#context)
      bytes = this.#cost.actual(loaded)
      slot.loaded[at] = loaded
      slot.tensor ??= this.#tensorOf(slot)
      await slot.tensor?.add(at, loaded, signal)
    } catch (error) {
      // loadItem rejects with nothing else, unless the work is ended.
      slot.loaded[at] = error as AudioDecodeError
    }
    this.#running--
    this.#unfinished--
    slot.running--
    this.#hold(slot, slot.bytes - expectedBytes + bytes)
    if (slot.running === 0 && slot.started === slot.planned.indices.length) {
      this.#track(this.#finish(slot))
    }
    this.#pump()
  }

  /** The tensor of a batch whose items can be copied as they come: their channels are known to be as many, and their length is. */
  #tensorOf({ planned, seconds }: BatchSlot): BatchTensor | undefined {
    const { options, layout } = this.#context
    const frames = layout.fixedFrames ?? longestFrames(seconds, options)
    if (!options.mono || frames === undefined) return undefined
    return new BatchTensor(planned.indices.length, frames)
  }

  /** What one file may use: with few files left, several threads each. */
  #threads(): number {
    return Math.max(1, Math.floor(threadBudget() / Math.max(1, this.#unfinished)))
  }

  async #finish(slot: BatchSlot): Promise<void> {
    try {
      slot.settle.resolve(await this.#complete(slot))
      slot.isReady = true
    } catch (error) {
      slot.settle.reject(error)
    }
  }

  async #complete(slot: BatchSlot): Promise<ReadyBatch> {
    const { items, options, transform, signal } = this.#context
    const { planned } = slot
    signal.throwIfAborted()
    const { members, failed } = splitMembers(planned.indices, slot.loaded, items)
    const about = {
      planned,
      failed,
      damaged: members.filter(({ loaded }) => loaded.damaged).map(({ index }) => index),
      decodedSeconds: members.reduce((sum, { loaded }) => sum + loaded.decodedSeconds, 0),
    }
    const isLost = members.length === 0 || (failed.length > 0 && options.onError === 'throw')
    if (isLost) {
      for (const { loaded } of members) loaded.release()
      slot.loaded.length = 0
      slot.tensor = undefined
      this.#hold(slot, 0)
      return { ...about, value: undefined }
    }
    const batch = await createBatch(members, slot.tensor, this.#context)
    slot.loaded.length = 0
    slot.tensor = undefined
    this.#hold(slot, batch.data.byteLength)
    this.#pump()
    if (transform === undefined) return { ...about, value: batch }
    const value = await transform.run(batch, signal)
    this.#hold(slot, bytesOf(value))
    return { ...about, value }
  }

  #hold(slot: BatchSlot, bytes: number): void {
    this.#bytes += bytes - slot.bytes
    slot.bytes = bytes
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#work.delete(tracked))
    this.#work.add(tracked)
  }
}
