import { expect, test } from 'vitest'

import { SharedLoads } from './shared-loads.js'

interface Thing {
  readonly name: string
  close(): Promise<void>
}

/** Loads that end when they are told to. */
function manualLoads(): {
  loads: SharedLoads<Thing>
  signals: AbortSignal[]
  finish: (error?: Error) => void
  closed: string[]
} {
  const signals: AbortSignal[] = []
  const closed: string[] = []
  const ends: ((error?: Error) => void)[] = []
  const loads = new SharedLoads<Thing>(
    async (name, signal) =>
      new Promise((resolve, reject) => {
        signals.push(signal)
        signal.addEventListener('abort', () => reject(signal.reason))
        const close = async (): Promise<void> => void closed.push(name)
        ends.push((error) => (error === undefined ? resolve({ name, close }) : reject(error)))
      }),
  )
  return { loads, signals, closed, finish: (error) => ends.at(-1)?.(error) }
}

test('all who ask for a name share one load', async () => {
  const { loads, signals, finish } = manualLoads()
  const both = Promise.all([loads.get('a'), loads.get('a')])
  finish()
  const [one, two] = await both
  expect(one).toBe(two)
  expect(await loads.get('a')).toBe(one)
  expect(signals).toHaveLength(1)
})

test('who gives up leaves at once, and the load goes on for the others', async () => {
  const { loads, signals, finish } = manualLoads()
  const controller = new AbortController()
  const first = loads.get('a', controller.signal)
  const second = loads.get('a')
  controller.abort(new Error('enough'))
  await expect(first).rejects.toThrow('enough')
  expect(signals[0]?.aborted).toBe(false)
  finish()
  expect((await second).name).toBe('a')
})

test('a load that nobody waits for any more is given up, and begun anew by the next', async () => {
  const { loads, signals, finish } = manualLoads()
  const controller = new AbortController()
  const only = loads.get('a', controller.signal)
  controller.abort(new Error('enough'))
  await expect(only).rejects.toThrow('enough')
  expect(signals[0]?.aborted).toBe(true)
  const next = loads.get('a')
  finish()
  expect((await next).name).toBe('a')
  expect(signals).toHaveLength(2)
  // A signal that comes too late changes nothing.
  await expect(loads.get('a', AbortSignal.abort(new Error('late')))).rejects.toThrow('late')
  expect(signals[1]?.aborted).toBe(false)
})

test('what failed is tried again', async () => {
  const { loads, finish } = manualLoads()
  const failed = loads.get('a')
  finish(new Error('no connection'))
  await expect(failed).rejects.toThrow('no connection')
  const next = loads.get('a')
  finish()
  expect((await next).name).toBe('a')
})

test('closing frees what is loaded and gives up what is not', async () => {
  const { loads, signals, finish, closed } = manualLoads()
  const loaded = loads.get('a')
  finish()
  await loaded
  const loading = loads.get('b')
  const [ended] = await Promise.allSettled([loading, loads.close()])
  expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'ERR_CLOSED' } })
  expect(closed).toEqual(['a'])
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, true])
})
