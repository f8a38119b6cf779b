import { AudioDecodeError } from '@audiodecode/core'

import { pathOf } from '../items/item-path.js'
import type { LoadedItem } from '../items/load-item.js'
import type { DataItem, SkippedItem } from '../loader-options.js'

/** An item of a batch that was loaded. */
export interface BatchMember {
  /** Its place in the list. */
  readonly index: number
  /** Its place in the batch as it was planned. */
  readonly place: number
  readonly loaded: LoadedItem
}

/** What became of the items of a batch, in its order. */
export interface SplitMembers {
  readonly members: readonly BatchMember[]
  readonly failed: readonly SkippedItem[]
}

/** Tells what was loaded from what failed; to the latter belongs what has not the number of channels that the first has. */
export function splitMembers(
  indices: Int32Array,
  results: readonly (LoadedItem | AudioDecodeError)[],
  items: readonly DataItem[],
): SplitMembers {
  const members: BatchMember[] = []
  const failed: SkippedItem[] = []
  for (const [place, result] of results.entries()) {
    const index = indices[place]!
    if (!('release' in result)) {
      failed.push({ index, error: result })
      continue
    }
    const channels = members[0]?.loaded.channels ?? result.channels
    if (result.channels === channels) {
      members.push({ index, place, loaded: result })
    } else {
      result.release()
      const path = pathOf(items[index]!)
      const error = new AudioDecodeError(
        'ERR_UNSUPPORTED_FORMAT',
        `${path} has ${result.channels} channels, the batch has ${channels}; mono: true makes them one`,
        { input: path },
      )
      failed.push({ index, error })
    }
  }
  return { members, failed }
}
