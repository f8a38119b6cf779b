import { setTimeout as delay } from 'node:timers/promises'

import { isAudioDecodeError, registerBackend, unregisterBackend } from '@audiodecode/core'
import type { AudioBackend } from '@audiodecode/core'
import { temporaryFolder } from '@audiodecode/test-support'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { AudioDataLoader } from '../src/index.js'
import { collect } from './recordings.js'

const RATE = 8000
const write = temporaryFolder()
/** One second each. */
const items = Array.from({ length: 60 }, (_, at) => ({
  path: write(`${at}.slow`, `slow ${at}`),
  durationSeconds: 1,
}))

/** A backend that takes a while, and knows what it is doing. */
const state = { running: 0, started: 0, aborted: 0, delayMs: 5 }
const slow: AudioBackend = {
  name: 'slow',
  tier: 'preferred',
  supports: ({ extension }) => extension === 'slow',
  async decode(_source, { signal }) {
    state.running++
    state.started++
    try {
      await delay(state.delayMs, undefined, signal === undefined ? {} : { signal })
      return { data: new Float32Array(RATE).fill(0.5), channels: 1, sampleRate: RATE }
    } catch (error) {
      state.aborted++
      throw error
    } finally {
      state.running--
    }
  },
}

beforeEach(() => {
  Object.assign(state, { running: 0, started: 0, aborted: 0, delayMs: 5 })
  registerBackend(slow)
})
afterEach(() => unregisterBackend('slow'))

const options = { sampleRate: RATE, batchSize: 4 }
/** A second as samples, and its part of a batch. */
const ITEM_BYTES = 2 * RATE * 4

describe('what is loaded ahead', () => {
  test('is bounded by bytes while the consumer takes its time', async () => {
    const prefetchBytes = 10 * ITEM_BYTES
    let [taken, ahead] = [0, 0]
    for await (const { items } of new AudioDataLoader(items60(), { ...options, prefetchBytes })) {
      taken += items.length
      // It comes to a halt, and then no more than the bound has been started.
      // For a while at least: V8 may free a batch any time, and then there is room for another.
      await vi.waitFor(
        async () => {
          const before = state.started
          await delay(20)
          expect([state.running, state.started]).toEqual([0, before])
        },
        { timeout: 5000 },
      )
      // Batches that are ready need half of what is needed while they are loaded.
      expect(state.started - taken).toBeLessThanOrEqual(20)
      ahead = Math.max(ahead, state.started - taken)
      if (taken >= 24) break
    }
    // Not behind every batch: those that were taken and that V8 has not freed leave less room.
    expect(ahead).toBeGreaterThanOrEqual(4)
  })

  test('is a batch at least, however little is allowed', async () => {
    const loader = new AudioDataLoader(items60(), { ...options, prefetchBytes: 1 })
    let taken = 0
    for await (const { items } of loader) {
      taken += items.length
      await delay(15)
      expect(state.started - taken).toBeLessThanOrEqual(4)
    }
    expect(taken).toBe(60)
  })

  test('grows while the consumer waits', async () => {
    state.delayMs = 30
    const loader = new AudioDataLoader([...items60(), ...items60()], { ...options, batchSize: 1 })
    const before = loader.stats.concurrency
    let [most, highest] = [0, 0]
    for await (const _ of loader) {
      most = Math.max(most, state.running)
      // It shrinks again where more did not help.
      highest = Math.max(highest, loader.stats.concurrency)
    }
    expect(highest).toBeGreaterThan(before)
    expect(most).toBeGreaterThan(before)
  })

  function items60(): readonly (typeof items)[number][] {
    return items
  }
})

describe('the work ends', () => {
  test('when the loop is left', async () => {
    state.delayMs = 200
    const loader = new AudioDataLoader(items, { ...options, batchSize: 1 })
    for await (const _ of loader) {
      // Files that are being opened would end without having been decoded at all.
      await vi.waitFor(() => expect(state.running).toBeGreaterThan(0))
      break
    }
    expect(state.running).toBe(0)
    const { started } = state
    await delay(20)
    expect(state.started).toBe(started)
    expect(state.aborted).toBeGreaterThan(0)
  })

  test('when the signal fires: what waits rejects with its reason, once', async () => {
    state.delayMs = 10_000
    const controller = new AbortController()
    const loader = new AudioDataLoader(items, { ...options, signal: controller.signal })
    const iterator = loader[Symbol.asyncIterator]()
    const waiting = iterator.next()
    await delay(10)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    expect(state.running).toBe(0)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    // It stays aborted.
    await expect(collect(loader)).rejects.toBe(reason)
  })

  test('when the signal fires while the consumer is busy', async () => {
    const controller = new AbortController()
    const loader = new AudioDataLoader(items, { ...options, signal: controller.signal })
    const run = async (): Promise<void> => {
      for await (const _ of loader) {
        state.delayMs = 10_000
        controller.abort(new Error('enough'))
        await delay(30)
        // Nothing is kept until the consumer comes back.
        expect(state.running).toBe(0)
      }
    }
    await expect(run()).rejects.toThrow('enough')
  })

  test('when the loader is closed, also within the loop', async () => {
    const loader = new AudioDataLoader(items, options)
    const error: unknown = await (async () => {
      for await (const _ of loader) {
        state.delayMs = 10_000
        await loader.close()
        expect(state.running).toBe(0)
      }
    })().catch((reason: unknown) => reason)
    expect(isAudioDecodeError(error) && error.code).toBe('ERR_CLOSED')
    expect(() => loader[Symbol.asyncIterator]()).toThrow('closed')
    await loader.close()
  })

  test('when return() is called while next() waits', async () => {
    state.delayMs = 10_000
    const iterator = new AudioDataLoader(items, options)[Symbol.asyncIterator]()
    const waiting = iterator.next()
    await delay(10)
    await iterator.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(state.running).toBe(0)
  })

  test('when the declaration goes out of scope', async () => {
    const inner = async (): Promise<AudioDataLoader<(typeof items)[number]>> => {
      await using loader = new AudioDataLoader(items, options)
      await loader[Symbol.asyncIterator]().next()
      return loader
    }
    const loader = await inner()
    expect(() => loader[Symbol.asyncIterator]()).toThrow('closed')
    expect(state.running).toBe(0)
  })
})

test('several next() at once come in order', async () => {
  const iterator = new AudioDataLoader(items, { ...options, batchSize: 20 })[Symbol.asyncIterator]()
  const results = await Promise.all([1, 2, 3, 4, 5].map(async () => iterator.next()))
  expect(results.map(({ value }) => value?.indices[0])).toEqual([0, 20, 40, undefined, undefined])
})

test('a consumer that computes on this thread does not keep the next batches from being loaded', async () => {
  let turns = 0
  let tick = setImmediate(function count() {
    turns++
    tick = setImmediate(count)
  })
  const seen: number[] = []
  for await (const _ of new AudioDataLoader(items, { ...options, batchSize: 1 })) {
    // As computing does: no turn of the event loop, in which what has been loaded would be heard of.
    const until = performance.now() + 2
    while (performance.now() < until);
    seen.push(turns)
  }
  clearImmediate(tick)
  expect(seen).toHaveLength(items.length)
  expect(new Set(seen).size).toBe(items.length)
})

test('a consumer that awaits something else meanwhile gets a batch that is there without another turn of the event loop', async () => {
  const iterator = new AudioDataLoader(items, { ...options, batchSize: 1 })[Symbol.asyncIterator]()
  await iterator.next()
  await vi.waitFor(() => expect([state.started, state.running]).toEqual([items.length, 0]), 5000)
  let turned = false
  setImmediate(() => (turned = true))
  expect((await iterator.next()).value?.items).toEqual([items[1]])
  expect(turned).toBe(false)
})
