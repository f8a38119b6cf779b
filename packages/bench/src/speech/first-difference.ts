import { tokensOf } from './transcript.js'
import type { Transcript } from './transcript.js'

/** Where two transcripts part. */
export interface Difference {
  /** Start of the window, in hundredths of a second. */
  readonly seek: number
  /** Tokens of the windows before it, which both have. */
  readonly earlier: readonly number[]
  /** Tokens of the window that both have. */
  readonly shared: readonly number[]
  /** All of ours from there on, in that window. */
  readonly ours: readonly number[]
  readonly theirs: readonly number[]
}

/** The first window whose tokens differ, or null when all are equal. */
export function firstDifference(ours: Transcript, theirs: Transcript): Difference | null {
  if (tokensOf(ours).join() === tokensOf(theirs).join()) return null
  const seeks = [...ours.segments, ...theirs.segments].map(({ seek }) => seek)
  const earlier: number[] = []
  for (const seek of [...new Set(seeks)].toSorted((a, b) => a - b)) {
    const [left, right] = [windowOf(ours, seek), windowOf(theirs, seek)]
    if (left.join() === right.join()) {
      earlier.push(...left)
      continue
    }
    let common = 0
    while (common < Math.min(left.length, right.length) && left[common] === right[common]) common++
    const shared = left.slice(0, common)
    return { seek, earlier, shared, ours: left.slice(common), theirs: right.slice(common) }
  }
  return null
}

function windowOf({ segments }: Transcript, seek: number): readonly number[] {
  return segments.filter((segment) => segment.seek === seek).flatMap(({ tokens }) => tokens)
}
