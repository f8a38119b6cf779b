import { createHash } from 'node:crypto'

import type { CheckedOptions } from '../check-options.js'
import type { DataItem } from '../loader-options.js'
import { windowOf } from './window-size.js'

/** Items hashed in one go: a millisecond. */
const CHUNK = 2_048

/** What identifies the items and their order, worked out little by little, or at once when it is needed. */
export interface Fingerprint {
  /** Goes on a little; true when there is nothing left to do. */
  advance(): boolean
  /** The fingerprint: two parts with a dot between. */
  value(): string
}

/** The fingerprint of a list of items. A million take half a second altogether. */
export function createFingerprint(
  items: readonly DataItem[],
  options: CheckedOptions,
): Fingerprint {
  const { bucketByDuration } = options
  const hash = createHash('sha256')
  let done = 0
  let digest: string | undefined
  const advance = (): boolean => {
    const lines = items.slice(done, done + CHUNK).map((item) => {
      if (typeof item === 'string') return item
      // Durations decide about the order only where items are put together by them.
      return bucketByDuration ? `${item.path}\t${item.durationSeconds ?? ''}` : item.path
    })
    if (lines.length > 0) hash.update(JSON.stringify(lines))
    done += lines.length
    return done === items.length
  }
  return {
    advance,
    value() {
      if (digest === undefined) {
        while (!advance());
        digest = `${items.length}-${hash.digest('hex').slice(0, 32)}`
      }
      return `${digest}.${hashOrder(options)}`
    },
  }
}

/**
 * Why a state with one fingerprint cannot be continued with another, or null when they are the same.
 */
export function differenceOf(state: string, own: string): string | null {
  if (state === own) return null
  const [stateItems] = state.split('.')
  const [ownItems] = own.split('.')
  return stateItems === ownItems
    ? 'the state belongs to another order: shuffle, or with bucketByDuration batchSize, maxBatchSeconds or cropSeconds, differ from what they were'
    : 'the state belongs to other items: their number, paths or order differ from what they were'
}

function hashOrder(options: CheckedOptions): string {
  const { shuffle, bucketByDuration, batchSize, maxBatchSeconds, cropFrames, sampleRate } = options
  const buckets = bucketByDuration
    ? [
        windowOf(batchSize),
        batchSize ?? null,
        maxBatchSeconds ?? null,
        cropFrames === undefined ? null : cropFrames / sampleRate,
      ]
    : null
  const order = JSON.stringify({ algorithm: 1, shuffle, buckets })
  return createHash('sha256').update(order).digest('hex').slice(0, 16)
}
