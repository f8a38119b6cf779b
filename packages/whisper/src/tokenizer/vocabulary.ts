/** What a model's tokenizer file says, whichever file it was. */
export interface Vocabulary {
  /** Every token, special ones included, by its text; ordinary ones are in byte characters. */
  readonly ids: ReadonlyMap<string, number>
  /** How early two neighbours are joined, lowest first; undefined: never. */
  readonly joinRank: (left: string, right: string) => number | undefined
  /** The pairs that are joined, in the order of their importance, when the file lists them. */
  readonly merges?: Iterable<readonly [left: string, right: string]>
}

/** Joins as tiktoken does: the rank of a pair is the id of the token that it makes. */
export function rankByToken(ids: ReadonlyMap<string, number>): Vocabulary['joinRank'] {
  return (left, right) => ids.get(left + right)
}

/** Joins by a list of merges in the order of their importance. */
export function rankByMerges(
  merges: Iterable<readonly [left: string, right: string]>,
): Vocabulary['joinRank'] {
  // A token holds no space: it is written in byte characters.
  const ranks = new Map<string, number>()
  for (const [left, right] of merges) ranks.set(`${left} ${right}`, ranks.size)
  return (left, right) => ranks.get(`${left} ${right}`)
}
