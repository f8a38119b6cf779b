/** Something to be timed in turn with others. */
export interface Contender {
  readonly name: string
  /** One run; resolves with its time in milliseconds. */
  readonly time: () => Promise<number>
}

/** Times of one contender, one for each round. */
export interface Timed {
  readonly name: string
  readonly ms: readonly number[]
}

/** Runs all contenders in turn (A B A B …), after a round that only warms up. */
export async function interleave(
  contenders: readonly Contender[],
  runs: number,
): Promise<readonly Timed[]> {
  const results = contenders.map(({ name }) => ({ name, ms: [] as number[] }))
  for (let round = -1; round < runs; round++) {
    for (const [index, contender] of contenders.entries()) {
      const ms = await contender.time()
      if (round >= 0) results[index]?.ms.push(ms)
    }
  }
  return results
}
