import { createHash } from 'node:crypto'

import type { CheckedOptions } from '../check-options.js'
import type { DataItem } from '../loader-options.js'
import { windowOf } from './window-size.js'

/** Items hashed in one go, so that a million paths make no string of their own length. */
const CHUNK = 4_096

/** What identifies the items and their order, in two parts with a dot between. */
export function fingerprintOf(items: readonly DataItem[], options: CheckedOptions): string {
  return `${hashItems(items, options)}.${hashOrder(options)}`
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

function hashItems(items: readonly DataItem[], { bucketByDuration }: CheckedOptions): string {
  const hash = createHash('sha256')
  for (let start = 0; start < items.length; start += CHUNK) {
    const lines = items.slice(start, start + CHUNK).map((item) => {
      if (typeof item === 'string') return item
      // Durations decide about the order only where items are put together by them.
      return bucketByDuration ? `${item.path}\t${item.durationSeconds ?? ''}` : item.path
    })
    hash.update(JSON.stringify(lines))
  }
  return `${items.length}-${hash.digest('hex').slice(0, 32)}`
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
