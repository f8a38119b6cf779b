import { configure } from '@audiodecode/core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { BeamcoderProcess } from './beamcoder-process.js'
import { ProcessPool } from './process-pool.js'

beforeAll(() => configure({ threads: 2 }))
afterAll(() => configure({ threads: 8 }))

/** A pool whose processes only say how they are, and those that it made. */
function fakes(memory = 0): { pool: ProcessPool; made: { isAlive: boolean }[] } {
  const made: { isAlive: boolean }[] = []
  const pool = new ProcessPool(() => {
    const fake = { isAlive: true, memory, kill: () => void (fake.isAlive = false) }
    made.push(fake)
    return fake as unknown as BeamcoderProcess
  })
  return { pool, made }
}

/** Work that ends when it is told to. */
function work(): { promise: Promise<void>; end: () => void } {
  let end: () => void = () => {}
  const promise = new Promise<void>((resolve) => (end = resolve))
  return { promise, end }
}

const turn = async (): Promise<void> => new Promise((done) => setImmediate(done))

test('as many processes work as the thread budget allows, and the rest waits its turn', async () => {
  const { pool, made } = fakes()
  const jobs = Array.from({ length: 5 }, work)
  const begun: number[] = []
  const all = jobs.map(async ({ promise }, index) =>
    pool.use(undefined, async () => {
      begun.push(index)
      await promise
    }),
  )
  await turn()
  expect(begun).toEqual([0, 1])
  jobs[1]!.end()
  await turn()
  expect(begun).toEqual([0, 1, 2])
  for (const { end } of jobs) end()
  await Promise.all(all)
  expect(begun).toEqual([0, 1, 2, 3, 4])
  expect(made).toHaveLength(2)
})

test('a process serves one request after another, until it dies or holds too much memory', async () => {
  const { pool, made } = fakes()
  await pool.use(undefined, async () => {})
  await pool.use(undefined, async () => {})
  expect(made).toHaveLength(1)
  made[0]!.isAlive = false
  await pool.use(undefined, async () => {})
  expect(made.map(({ isAlive }) => isAlive)).toEqual([false, true])

  const large = fakes(2 ** 30)
  await large.pool.use(undefined, async () => {})
  expect(large.made).toMatchObject([{ isAlive: false }])
})

test('an abort ends the process at work, and only takes one that waits out of the queue', async () => {
  const { pool, made } = fakes()
  const jobs = [work(), work()]
  const busy = jobs.map(async ({ promise }) => pool.use(undefined, async () => promise))
  const waiting = new AbortController()
  const never = pool.use(waiting.signal, async () => 'served')
  const later = pool.use(undefined, async () => 'served')
  await turn()
  const reason = new Error('no longer wanted')
  waiting.abort(reason)
  await expect(never).rejects.toBe(reason)
  expect(made.every(({ isAlive }) => isAlive)).toBe(true)
  for (const { end } of jobs) end()
  await Promise.all(busy)
  expect(await later).toBe('served')

  const running = new AbortController()
  const aborted = pool.use(running.signal, async (lent) => {
    running.abort(reason)
    return lent.isAlive
  })
  expect(await aborted).toBe(false)
})

test('work that fails gives its place to the next', async () => {
  const { pool } = fakes()
  for (let i = 0; i < 5; i++) {
    const failed = pool.use(undefined, async () => {
      throw new Error('it failed')
    })
    await expect(failed).rejects.toThrow('it failed')
  }
  expect(await pool.use(undefined, async () => 'served')).toBe('served')
})
