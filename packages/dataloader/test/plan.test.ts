import fc from 'fast-check'
import { expect, test } from 'vitest'

import { checkOptions } from '../src/check-options.js'
import type { DataLoaderOptions } from '../src/index.js'
import { Durations } from '../src/items/durations.js'
import { planBatches } from '../src/order/plan-batches.js'
import { planRank } from '../src/order/plan-rank.js'
import type { RankBatch } from '../src/order/plan-rank.js'

/** Options that decide about the order. */
type OrderOptions = Omit<DataLoaderOptions, 'sampleRate'>

interface Epoch {
  readonly seconds: readonly number[]
  readonly options: OrderOptions
  readonly epoch?: number
  readonly position?: number
}

/** What one rank gets. */
async function plan({ seconds, options, epoch = 0, position = 0 }: Epoch): Promise<RankBatch[]> {
  const checked = checkOptions({ sampleRate: 8000, ...options })
  const items = seconds.map((durationSeconds, at) => ({ path: `${at}.wav`, durationSeconds }))
  const { signal } = new AbortController()
  const durations = new Durations(items, checked)
  const order = { items: items.length, seed: checked.seed, epoch, durations, signal }
  const batches: RankBatch[] = []
  for await (const batch of planRank(planBatches(order, checked, position), checked, position)) {
    batches.push(batch)
  }
  return batches
}

/** What all ranks get, round after round. */
async function planAll(epoch: Epoch, worldSize: number): Promise<RankBatch[]> {
  const ranks = await Promise.all(
    Array.from({ length: worldSize }, async (_, rank) =>
      plan({ ...epoch, options: { ...epoch.options, rank, worldSize } }),
    ),
  )
  const rounds = Math.max(...ranks.map(({ length }) => length))
  return Array.from({ length: rounds }, (_, round) =>
    ranks.map((batches) => batches[round]),
  ).flatMap((round) => round.filter((batch) => batch !== undefined))
}

function indicesOf(batches: readonly RankBatch[]): number[][] {
  return batches.map(({ indices }) => [...indices])
}

const seconds = fc.array(
  fc.integer({ min: 1, max: 40 }).map((tenths) => tenths / 10),
  {
    maxLength: 300,
  },
)
const options: fc.Arbitrary<OrderOptions> = fc
  .record({
    batchSize: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    maxBatchSeconds: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
    bucketByDuration: fc.boolean(),
    shuffle: fc.boolean(),
    seed: fc.integer(),
  })
  .map((given) =>
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  )

test('every item comes once, whatever the options', async () => {
  await fc.assert(
    fc.asyncProperty(seconds, options, async (seconds, options) => {
      const batches = await plan({ seconds, options })
      const all = indicesOf(batches).flat()
      expect(all.toSorted((a, b) => a - b)).toEqual(seconds.map((_, at) => at))
      // The positions count them.
      let end = 0
      for (const { indices, endPosition } of batches)
        expect(endPosition).toBe((end += indices.length))
    }),
    { numRuns: 60 },
  )
})

test('no batch has more items or seconds than it may, but for an item that is longer by itself', async () => {
  await fc.assert(
    fc.asyncProperty(seconds, options, async (seconds, options) => {
      const { batchSize, maxBatchSeconds } = options
      for (const indices of indicesOf(await plan({ seconds, options }))) {
        const longest = Math.max(...indices.map((index) => seconds[index]!))
        if (batchSize !== undefined) expect(indices.length).toBeLessThanOrEqual(batchSize)
        if (maxBatchSeconds !== undefined && indices.length > 1) {
          expect(indices.length * longest).toBeLessThanOrEqual(maxBatchSeconds)
        }
      }
    }),
    { numRuns: 60 },
  )
})

test('several ranks together get the batches of one, in its order', async () => {
  const ranks = fc.integer({ min: 1, max: 7 })
  await fc.assert(
    fc.asyncProperty(seconds, options, ranks, async (seconds, options, worldSize) => {
      const alone = await plan({ seconds, options })
      const together = await planAll({ seconds, options }, worldSize)
      expect(indicesOf(together)).toEqual(indicesOf(alone))
    }),
    { numRuns: 60 },
  )
})

test('after any number of rounds another number of ranks gets exactly the rest', async () => {
  const ranks = fc.integer({ min: 1, max: 5 })
  await fc.assert(
    fc.asyncProperty(seconds, options, ranks, ranks, fc.nat(), async (...drawn) => {
      const [seconds, options, before, after, cut] = drawn
      const alone = indicesOf(await plan({ seconds, options }))
      const first = await plan({
        seconds,
        options: { ...options, rank: before - 1, worldSize: before },
      })
      const rounds = first.length === 0 ? 0 : cut % (first.length + 1)
      const position = first[rounds - 1]?.endPosition ?? 0
      const taken = alone.slice(0, rounds * before)
      expect(position).toBe(taken.flat().length)
      const rest = await planAll({ seconds, options, position }, after)
      expect([...taken, ...indicesOf(rest)]).toEqual(alone)
    }),
    { numRuns: 60 },
  )
})

test('each rank says the same position after the same round', async () => {
  const epoch = { seconds: Array.from({ length: 25 }, () => 1), options: { batchSize: 2 } }
  const ranks = [0, 1, 2].map(async (rank) =>
    plan({ ...epoch, options: { ...epoch.options, rank, worldSize: 3 } }),
  )
  const ends = (await Promise.all(ranks)).map((batches) =>
    batches.map((batch) => batch.endPosition),
  )
  // 13 batches of 2: four rounds of three, and one that only the first rank has.
  expect(ends).toEqual([
    [6, 12, 18, 24, 25],
    [6, 12, 18, 24],
    [6, 12, 18, 24],
  ])
})

test('with dropLast every batch is full and every rank has as many', async () => {
  const bucket = fc.boolean()
  const ranks = fc.integer({ min: 1, max: 5 })
  const sizes = fc.integer({ min: 1, max: 9 })
  await fc.assert(
    fc.asyncProperty(seconds, bucket, ranks, sizes, async (...drawn) => {
      const [seconds, bucketByDuration, worldSize, batchSize] = drawn
      const common = { batchSize, bucketByDuration, shuffle: true, dropLast: true, worldSize }
      const rounds = Math.floor(Math.floor(seconds.length / batchSize) / worldSize)
      for (let rank = 0; rank < worldSize; rank++) {
        const batches = await plan({ seconds, options: { ...common, rank } })
        expect(batches.map(({ indices }) => indices.length)).toEqual(
          Array.from({ length: rounds }, () => batchSize),
        )
      }
    }),
    { numRuns: 40 },
  )
})

test('another epoch has another order of the same items, and so has another seed', async () => {
  const seconds = Array.from({ length: 50 }, () => 1)
  const orders = await Promise.all(
    [
      { epoch: 0, seed: 1 },
      { epoch: 1, seed: 1 },
      { epoch: 0, seed: 2 },
      { epoch: 0, seed: 1 },
    ].map(async ({ epoch, seed }) => {
      const batches = await plan({
        seconds,
        options: { shuffle: true, seed, batchSize: 50 },
        epoch,
      })
      return indicesOf(batches).join()
    }),
  )
  expect(new Set(orders).size).toBe(3)
  expect(orders[3]).toBe(orders[0])
})

test('buckets put items of similar duration together and stay shuffled', async () => {
  const seconds = Array.from({ length: 4000 }, (_, at) => 1 + ((at * 7919) % 1000) / 100)
  const padding = async (bucketByDuration: boolean): Promise<number> => {
    const options = { batchSize: 16, shuffle: true, bucketByDuration }
    let padded = 0
    for (const indices of indicesOf(await plan({ seconds, options }))) {
      padded += indices.length * Math.max(...indices.map((index) => seconds[index]!))
    }
    return padded / seconds.reduce((sum, one) => sum + one, 0)
  }
  // Of uniform durations the longest of 16 is 1.7 times the mean; sorted windows pad next to nothing.
  expect(await padding(false)).toBeGreaterThan(1.5)
  expect(await padding(true)).toBeLessThan(1.02)
  const batches = await plan({
    seconds,
    options: { batchSize: 16, shuffle: true, bucketByDuration: true },
  })
  const longest = batches.map(({ indices }) => Math.max(...[...indices].map((at) => seconds[at]!)))
  const rising = longest.filter((value, at) => at > 0 && value > longest[at - 1]!).length
  expect(Math.abs(rising / longest.length - 0.5)).toBeLessThan(0.1)
})

test('a position within a batch of buckets is no place to continue', async () => {
  const seconds = Array.from({ length: 10 }, () => 1)
  const options = { batchSize: 4, bucketByDuration: true }
  await expect(plan({ seconds, options, position: 5 })).rejects.toThrow('within a batch')
})

test('planning keeps nothing of the items', async () => {
  const checked = checkOptions({ sampleRate: 8000, shuffle: true, batchSize: 1000 })
  const durations = new Durations([], checked)
  const { signal } = new AbortController()
  const order = { items: 2 ** 31 - 1, seed: 0, epoch: 0, durations, signal }
  const before = process.memoryUsage().arrayBuffers
  const { value } = await planRank(planBatches(order, checked, 0), checked, 0).next()
  expect(value?.indices.length).toBe(1000)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20)
})
