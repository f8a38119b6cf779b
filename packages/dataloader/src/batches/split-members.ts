import { AudioDecodeError } from '@audiodecode/core'

import { pathOf } from '../items/item-path.js'
import type { LoadedItem } from '../items/load-item.js'
import type { DataItem, SkippedItem } from '../loader-options.js'
import type { BatchMember } from './assemble-batch.js'

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
  for (const [at, result] of results.entries()) {
    const index = indices[at]!
    if (!('release' in result)) {
      failed.push({ index, error: result })
      continue
    }
    const channels = members[0]?.loaded.channels ?? result.channels
    if (result.channels === channels) {
      members.push({ index, loaded: result })
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
