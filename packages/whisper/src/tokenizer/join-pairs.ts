import type { Vocabulary } from './vocabulary.js'

/**
 * Joins neighbours, the pair of the lowest rank first and of equal ones the leftmost, until no pair has a rank.
 * A heap of candidates over a linked list, so that a long word costs n log n.
 */
export function joinPairs(parts: string[], joinRank: Vocabulary['joinRank']): string[] {
  const next = parts.map((_, at) => at + 1)
  const previous = parts.map((_, at) => at - 1)
  const heap = new CandidateHeap()
  const offer = (at: number): void => {
    const left = parts[at]
    const right = parts[next[at] ?? parts.length]
    if (left === undefined || right === undefined) return
    const rank = joinRank(left, right)
    if (rank !== undefined) heap.push({ rank, at, left, right })
  }
  for (let at = 0; at < parts.length; at++) offer(at)
  for (let found = heap.pop(); found !== undefined; found = heap.pop()) {
    const { at, left, right } = found
    const gone = next[at] ?? parts.length
    // A neighbour has been joined since this was offered.
    if (parts[at] !== left || parts[gone] !== right) continue
    parts[at] = left + right
    parts[gone] = ''
    const after = next[gone] ?? parts.length
    next[at] = after
    if (after < parts.length) previous[after] = at
    offer(at)
    offer(previous[at] ?? -1)
  }
  return parts.filter((part) => part !== '')
}

interface Candidate {
  readonly rank: number
  readonly at: number
  readonly left: string
  readonly right: string
}

/** A binary heap: the lowest rank first, then the lowest place. */
class CandidateHeap {
  readonly #items: Candidate[] = []

  push(candidate: Candidate): void {
    const items = this.#items
    let at = items.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent]
      if (above === undefined || !isBefore(candidate, above)) break
      items[at] = above
      at = parent
    }
    items[at] = candidate
  }

  pop(): Candidate | undefined {
    const items = this.#items
    const [first] = items
    const last = items.pop()
    if (first === undefined || last === undefined || items.length === 0) return first
    let at = 0
    for (;;) {
      const child = this.#firstChild(at)
      const below = items[child]
      if (below === undefined || !isBefore(below, last)) break
      items[at] = below
      at = child
    }
    items[at] = last
    return first
  }

  #firstChild(at: number): number {
    const left = this.#items[2 * at + 1]
    const right = this.#items[2 * at + 2]
    return left !== undefined && right !== undefined && isBefore(right, left)
      ? 2 * at + 2
      : 2 * at + 1
  }
}

function isBefore(a: Candidate, b: Candidate): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.at < b.at)
}
