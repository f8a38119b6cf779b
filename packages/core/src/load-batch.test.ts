import { setTimeout as delay } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { plainRamp, rampFile, rampSamples, readRamp } from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import { configure, loadBatch, registerBackend } from './index.js'
import type { AudioBackend, BackendRequest } from './index.js'

resetRegistry()

/** The file's frames tell which it is, and how long it takes. */
const fileOf = (frames: number): Uint8Array => rampFile({ sampleRate: 800, channels: 1, frames })

interface Watched {
  readonly backend: AudioBackend
  running: number
  most: number
  aborted: number
  readonly requests: BackendRequest[]
}

/** Takes a millisecond a frame, and watches how many decode at once. */
function watched(): Watched {
  const state: Watched = { backend: plainRamp(), running: 0, most: 0, aborted: 0, requests: [] }
  const decode: AudioBackend['decode'] = async (source, request) => {
    const { sampleRate, channels, frames } = readRamp(source)
    state.requests.push(request)
    state.most = Math.max(state.most, ++state.running)
    try {
      await delay(frames, undefined, { signal: request.signal })
    } catch (error) {
      state.aborted++
      throw error
    } finally {
      state.running--
    }
    return { data: rampSamples(channels, 0, frames), channels, sampleRate }
  }
  return Object.assign(state, { backend: plainRamp({ decode }) })
}

test('every input becomes one item, as they finish', async () => {
  registerBackend(watched().backend)
  const inputs = [60, 1, 30, 1].map(fileOf)
  const seen: number[] = []
  for await (const item of loadBatch(inputs, { concurrency: 4 })) {
    expect(item.input).toBe(inputs[item.index])
    expect(item.ok && item.value.frames).toBe(inputs[item.index]![15])
    seen.push(item.index)
  }
  expect(seen.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
  expect(seen.at(-1)).toBe(0)
})

test('ordered items keep the order of the inputs', async () => {
  registerBackend(watched().backend)
  const seen: number[] = []
  const inputs = [40, 1, 20, 1, 1].map(fileOf)
  for await (const { index } of loadBatch(inputs, { concurrency: 3, ordered: true }))
    seen.push(index)
  expect(seen).toEqual([0, 1, 2, 3, 4])
})

test('a failed file is an item, never the end', async () => {
  registerBackend(plainRamp())
  const inputs = [fileOf(1), new Uint8Array([1, 2, 3]), '/no/such/file.wav', 42 as never, fileOf(2)]
  const codes: unknown[] = []
  for await (const item of loadBatch(inputs, { ordered: true })) {
    codes.push(item.ok ? item.value.frames : item.error.code)
  }
  expect(codes).toEqual([1, 'ERR_UNSUPPORTED_FORMAT', 'ERR_NOT_FOUND', 'ERR_UNSUPPORTED_FORMAT', 2])
})

test.each([1, 3])('at most %i are in flight', async (concurrency) => {
  const state = watched()
  registerBackend(state.backend)
  let items = 0
  const inputs = Array.from({ length: 12 }, () => fileOf(3))
  for await (const _ of loadBatch(inputs, { concurrency })) items++
  expect(items).toBe(12)
  expect(state.most).toBe(concurrency)
})

test.each([false, true])('a slow consumer holds back the inputs (ordered: %s)', async (ordered) => {
  registerBackend(plainRamp())
  let pulled = 0
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      pulled++
      yield fileOf(2)
    }
  }
  let taken = 0
  for await (const _ of loadBatch(endless(), { concurrency: 3, ordered })) {
    taken++
    await delay(10)
    expect(pulled - taken).toBeLessThanOrEqual(3)
    if (taken === 8) break
  }
})

test('leaving the loop stops pulling, closes the inputs and aborts what is in flight', async () => {
  const state = watched()
  registerBackend(state.backend)
  let pulled = 0
  let inputsClosed = false
  function* inputs(): Generator<Uint8Array> {
    try {
      for (;;) yield fileOf(pulled++ === 0 ? 1 : 10_000)
    } finally {
      inputsClosed = true
    }
  }
  for await (const { index } of loadBatch(inputs(), { concurrency: 4 })) {
    expect(index).toBe(0)
    break
  }
  expect(inputsClosed).toBe(true)
  expect(pulled).toBeLessThanOrEqual(5)
  await delay(5)
  expect(state).toMatchObject({ running: 0, aborted: state.requests.length - 1 })
})

test('return() ends a next() that waits', async () => {
  registerBackend(watched().backend)
  const iterator = loadBatch([fileOf(10_000)])[Symbol.asyncIterator]()
  const waiting = iterator.next()
  await delay(5)
  await iterator.return!()
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
})

test('an abort ends the batch with its reason, once', async () => {
  registerBackend(watched().backend)
  const controller = new AbortController()
  const options = { signal: controller.signal, concurrency: 2 }
  const iterator = loadBatch([fileOf(1), fileOf(10_000)], options)[Symbol.asyncIterator]()
  expect((await iterator.next()).value).toMatchObject({ index: 0, ok: true })
  const waiting = iterator.next()
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
})

test('an error of the inputs comes after what was under way', async () => {
  registerBackend(watched().backend)
  const fault = new Error('the list broke off')
  async function* inputs(): AsyncGenerator<Uint8Array> {
    yield fileOf(1)
    yield fileOf(20)
    throw fault
  }
  const seen: number[] = []
  const run = async (): Promise<void> => {
    for await (const { index } of loadBatch(inputs(), { concurrency: 3 })) seen.push(index)
  }
  await expect(run()).rejects.toBe(fault)
  expect(seen).toEqual([0, 1])
})

test('inputs that come slowly do not hold back what is finished', async () => {
  registerBackend(plainRamp())
  async function* inputs(): AsyncGenerator<Uint8Array> {
    yield fileOf(2)
    await delay(10_000, undefined, { ref: false })
  }
  for await (const { index } of loadBatch(inputs())) {
    expect(index).toBe(0)
    break
  }
})

test('no inputs make no items, and a batch is iterated once', async () => {
  const batch = loadBatch([])
  for await (const _ of batch) throw new Error('there is nothing')
  expect(() => batch[Symbol.asyncIterator]()).toThrow(TypeError)
})

test('files in flight share the thread budget', async () => {
  const state = watched()
  registerBackend(state.backend)
  configure({ threads: 6 })
  for await (const _ of loadBatch([fileOf(1)], { concurrency: 2 }));
  for await (const _ of loadBatch([fileOf(1)], { concurrency: 2, threads: 5 }));
  expect(state.requests.map(({ threads }) => threads)).toEqual([3, 5])
})
