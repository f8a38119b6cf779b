import type { CheckedOptions } from '../check-options.js'
import type { GlobalBatch } from './plan-batches.js'

/** A batch that this rank loads. */
export interface RankBatch {
  /** Places of its items in the list. */
  readonly indices: Int32Array
  /** Items of the order that all ranks have taken together when each has taken its batch of this round. */
  readonly endPosition: number
}

/**
 * This rank's share of the batches: of every round of `worldSize` batches the one of its number. The order of all stays the same
 * whatever the number of ranks.
 */
export async function* planRank(
  batches: AsyncIterable<GlobalBatch>,
  { rank, worldSize, dropLast }: Pick<CheckedOptions, 'rank' | 'worldSize' | 'dropLast'>,
  position: number,
): AsyncGenerator<RankBatch, void, undefined> {
  let end = position
  let round: GlobalBatch[] = []
  for await (const batch of batches) {
    round.push(batch)
    if (round.length < worldSize) continue
    end += sizeOf(round)
    yield { indices: round[rank]!.indices(), endPosition: end }
    round = []
  }
  const own = round[rank]
  if (own === undefined || dropLast) return
  yield { indices: own.indices(), endPosition: end + sizeOf(round) }
}

function sizeOf(round: readonly GlobalBatch[]): number {
  return round.reduce((sum, { size }) => sum + size, 0)
}
