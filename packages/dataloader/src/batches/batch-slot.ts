import type { AudioDecodeError } from '@audiodecode/core'

import type { LoadedItem } from '../items/load-item.js'
import type { SkippedItem } from '../loader-options.js'
import type { RankBatch } from '../order/plan-rank.js'
import type { BatchTensor } from './batch-tensor.js'

/** A batch whose items have all been tried. */
export interface ReadyBatch {
  /** The batch, or what the transform made of it; undefined when all of its items failed. */
  readonly value: unknown
  readonly planned: RankBatch
  readonly failed: readonly SkippedItem[]
  readonly damaged: readonly number[]
  readonly decodedSeconds: number
}

/** A batch on its way. */
export interface BatchSlot {
  readonly planned: RankBatch
  readonly seconds: readonly (number | null)[]
  readonly loaded: (LoadedItem | AudioDecodeError)[]
  /** Items that have been started. */
  started: number
  /** Items that have been started and have not ended. */
  running: number
  /** Bytes that are held for it, or soon will be. */
  bytes: number
  isReady: boolean
  /** Filled as items come, where that can be. */
  tensor: BatchTensor | undefined
  readonly settle: { resolve(ready: ReadyBatch): void; reject(error: unknown): void }
  readonly result: Promise<ReadyBatch>
}

/** A slot of which nothing has been started. */
export function createSlot(planned: RankBatch, seconds: readonly (number | null)[]): BatchSlot {
  let settle: BatchSlot['settle'] | undefined
  const result = new Promise<ReadyBatch>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // Whoever takes it hears of it; until then it is nobody's.
  result.catch(() => {})
  return {
    planned,
    seconds,
    loaded: [],
    started: 0,
    running: 0,
    bytes: 0,
    isReady: false,
    tensor: undefined,
    settle: settle!,
    result,
  }
}
