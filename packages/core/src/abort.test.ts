import { setTimeout as delay } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { openingRamp, plainRamp, rampFile } from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import {
  AudioDecoder,
  info,
  load,
  loadBatch,
  registerBackend,
  stream,
  transcribe,
} from './index.js'
import { registerTranscriber } from './index.js'
import type { AudioBackend, AudioData, BackendRequest } from './index.js'

resetRegistry()

const file = rampFile({ sampleRate: 800, channels: 2, frames: 800 })
const reason = new Error('changed my mind')

const never = new Promise<never>(() => {})

/** Backends that hang in one of their methods without looking at the signal. */
const hanging: readonly (readonly [string, () => AudioBackend])[] = [
  ['decode', () => plainRamp({ decode: () => never })],
  ['info', () => plainRamp({ info: () => never })],
  ['open', () => openingRamp({ backend: { open: () => never } })],
  ['decode of the handle', () => hangingHandle()],
]

function hangingHandle(): AudioBackend {
  const backend = openingRamp()
  return {
    ...backend,
    async open(source, request) {
      const handle = await backend.open!(source, request)
      return {
        ...handle,
        decode: () => never,
        blocks: () => ({ [Symbol.asyncIterator]: () => ({ next: () => never }) }),
      }
    },
  }
}

async function drain(blocks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of blocks);
}

const calls: readonly (readonly [string, (signal: AbortSignal) => Promise<unknown>])[] = [
  ['load', (signal) => load(file, { signal })],
  ['load with a range', (signal) => load(file, { signal, offset: -0.5 })],
  ['stream', (signal) => drain(stream(file, { signal }))],
  ['loadBatch', (signal) => drain(loadBatch([file, file], { signal }))],
  ['AudioDecoder', async (signal) => (await AudioDecoder.open(file, { signal })).decode()],
]

test.each(calls)(
  '%s with an aborted signal rejects with its reason, and asks nobody',
  async (_, call) => {
    let asked = 0
    registerBackend(plainRamp({ supports: () => ++asked > 0 }))
    await expect(call(AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(asked).toBe(0)
  },
)

for (const [method, create] of hanging) {
  test.each(calls)(`%s rejects with the reason while ${method} hangs`, async (_, call) => {
    registerBackend(create())
    const controller = new AbortController()
    const pending = call(controller.signal)
    setTimeout(() => controller.abort(reason), 20)
    await expect(pending).rejects.toBe(reason)
  })
}

test('info rejects with the reason while a backend hangs', async () => {
  registerBackend(plainRamp({ info: () => never }))
  await expect(info(file, { signal: AbortSignal.timeout(20) })).rejects.toThrow(/timeout|aborted/)
})

test('transcribe rejects with the reason while an engine hangs', async () => {
  registerTranscriber({ name: 'hangs', transcribe: () => never, close: async () => {} })
  const controller = new AbortController()
  const pending = transcribe(file, { engine: 'hangs', signal: controller.signal })
  controller.abort(reason)
  await expect(pending).rejects.toBe(reason)
})

test('core waits until a backend that writes into `out` has let go', async () => {
  const backend = openingRamp({ backend: { capabilities: { out: true, range: true, mono: true } } })
  let letGo = false
  registerBackend({
    ...backend,
    capabilities: { ...backend.capabilities, inputs: ['bytes'] },
    async open(source, request) {
      const handle = await backend.open!(source, request)
      return {
        ...handle,
        async decode({ signal }: BackendRequest) {
          await new Promise((resolve) => signal?.addEventListener('abort', resolve))
          await delay(30)
          letGo = true
          throw new Error('stopped')
        },
      }
    },
  })
  const controller = new AbortController()
  const out = new Float32Array(new SharedArrayBuffer(4 * 1600))
  const pending = load(file, { out, signal: controller.signal })
  setTimeout(() => controller.abort(reason), 20)
  await expect(pending).rejects.toBe(reason)
  expect(letGo).toBe(true)
})

test('a handle that comes too late is closed', async () => {
  let closed = 0
  const backend = openingRamp({ closed: () => closed++ })
  registerBackend({
    ...backend,
    async open(source, request) {
      await delay(40)
      return backend.open!(source, request)
    },
  })
  await expect(load(file, { signal: AbortSignal.timeout(10) })).rejects.toThrow(/timeout|aborted/)
  expect(closed).toBe(0)
  await delay(60)
  expect(closed).toBe(1)
})

test('an abort during resampling in core rejects with the reason', async () => {
  registerBackend(plainRamp())
  const long = rampFile({ sampleRate: 44_100, channels: 2, frames: 30 * 44_100 })
  const controller = new AbortController()
  const pending = load(long, { sampleRate: 16_000, signal: controller.signal })
  setTimeout(() => controller.abort(reason), 60)
  await expect(pending).rejects.toBe(reason)
})

test('an abort between two blocks ends the stream with the reason', async () => {
  for (const backend of [openingRamp(), plainRamp({ name: 'opening' })]) {
    registerBackend(backend)
    const controller = new AbortController()
    const seen: AudioData[] = []
    const run = async (): Promise<void> => {
      const { signal } = controller
      for await (const block of stream(file, { signal, blockSeconds: 0.1 })) {
        seen.push(block)
        if (seen.length === 3) controller.abort(reason)
      }
    }
    await expect(run()).rejects.toBe(reason)
    expect(seen.length).toBe(3)
  }
})

test('leaving a stream ends the backend’s blocks and closes the file', async () => {
  let closed = 0
  registerBackend(openingRamp({ closed: () => closed++ }))
  for await (const _ of stream(file, { blockSeconds: 0.1 })) break
  expect(closed).toBe(1)
})

test('forty calls may share one signal without a warning of a leak', async () => {
  registerBackend(openingRamp())
  const warnings: Error[] = []
  const hear = (warning: Error): void => void warnings.push(warning)
  process.on('warning', hear)
  try {
    const { signal } = new AbortController()
    await Promise.all(Array.from({ length: 40 }, async () => load(file, { signal })))
    await drain(
      loadBatch(
        Array.from({ length: 40 }, () => file),
        { signal, concurrency: 40 },
      ),
    )
    await delay(10)
  } finally {
    process.off('warning', hear)
  }
  expect(warnings).toEqual([])
})
