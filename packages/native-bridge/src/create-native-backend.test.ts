import { getEventListeners } from 'node:events'
import { availableParallelism } from 'node:os'

import { configure, defaultLimits } from '@audiodecode/core'
import type { AudioBackend, BackendHandle, BackendRequest } from '@audiodecode/core'
import { afterEach, expect, test, vi } from 'vitest'

import { createNativeBackend } from './create-native-backend.js'
import { fakeBinding } from './fake-binding.js'
import type { FakeAddon } from './fake-binding.js'
import type { NativeBinding } from './native-binding.js'

const source = { path: 'a.fake', bytes: null, label: 'a.fake' }
const request: BackendRequest = {
  startFrame: 0,
  endFrame: null,
  mono: false,
  quality: 'best',
  onDamage: 'conceal',
  threads: 1,
  limits: { ...defaultLimits },
}

function backendOf(loadBinding: () => NativeBinding): AudioBackend {
  return createNativeBackend({
    name: 'fake',
    tier: 'standard',
    addon: { packageName: '@a/fake', platforms: [] },
    loadBinding,
    supports: () => true,
  })
}

async function open(addon: FakeAddon = {}): Promise<BackendHandle> {
  const handle = await backendOf(() => fakeBinding(addon)).open?.(source, request)
  if (handle === undefined) throw new Error('no open')
  return handle
}

afterEach(() => configure({ threads: availableParallelism() }))

test('the addon is loaded once, by the first use', async () => {
  const loadBinding = vi.fn<() => NativeBinding>(() => fakeBinding())
  const backend = backendOf(loadBinding)
  backend.supports({ container: null, codec: null, extension: null, header: new Uint8Array() })
  expect(loadBinding).not.toHaveBeenCalled()
  await backend.decode(source, request)
  await backend.decode(source, request)
  expect(loadBinding).toHaveBeenCalledOnce()
  expect(await backend.status?.()).toEqual({ available: true, version: '1.2.3', hint: null })
})

test('an addon that does not load is ERR_BACKEND_UNAVAILABLE with the cause, and is tried again', async () => {
  const cause = new Error('wrong ELF class')
  let broken = true
  const backend = backendOf(() => {
    if (broken) throw cause
    return fakeBinding()
  })
  await expect(backend.decode(source, request)).rejects.toMatchObject({
    code: 'ERR_BACKEND_UNAVAILABLE',
    backend: 'fake',
    cause,
    message: expect.stringContaining('wrong ELF class') as string,
  })
  expect(await backend.status?.()).toMatchObject({ available: false, version: null })
  broken = false
  expect((await backend.decode(source, request)).data).toEqual(Float32Array.of(1, 2, 3))
})

test.each([
  ['exactly what was planned', 3],
  ['less than planned', 10],
  ['more than planned', 1],
  ['a length nobody knew', null],
])('a result of %s fills a buffer of its own exact length', async (_, plannedFrames) => {
  const { data } = await (await open({ plannedFrames })).decode(request)
  expect(data).toEqual(Float32Array.of(1, 2, 3))
  expect(data.buffer.byteLength).toBe(12)
})

test('shared memory is filled in place when it is large enough', async () => {
  const out = new Float32Array(new SharedArrayBuffer(16))
  const { data } = await (await open()).decode({ ...request, out })
  expect(data.buffer).toBe(out.buffer)
  expect([...out]).toEqual([1, 2, 3, 0])
})

test('memory that JavaScript can take away is never handed to native code', async () => {
  const out = new Float32Array(8)
  const { data } = await (await open()).decode({ ...request, out })
  expect(data.buffer).not.toBe(out.buffer)
  expect([...out]).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
})

test('an abort rejects with the reason, but only when native code has let go', async () => {
  let letGo = (): void => {}
  const handle = await open({ letGo: new Promise((done) => (letGo = done)) })
  const controller = new AbortController()
  let settled = false
  const pending = handle
    .decode({ ...request, signal: controller.signal })
    .finally(() => (settled = true))
  await new Promise(setImmediate)
  controller.abort('enough')
  await new Promise(setImmediate)
  expect(settled).toBe(false)
  letGo()
  await expect(pending).rejects.toBe('enough')
  expect(getEventListeners(controller.signal, 'abort')).toEqual([])
})

test('no listener stays on a signal after a success', async () => {
  const { signal } = new AbortController()
  await (await open()).decode({ ...request, signal })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('closing ends what runs as ERR_CLOSED, and waits for it', async () => {
  const handle = await open({ letGo: Promise.resolve() })
  const ended = handle.decode(request).catch((error: unknown) => error)
  await new Promise(setImmediate)
  await handle.close()
  expect(await ended).toMatchObject({ code: 'ERR_CLOSED' })
})

test.each([
  ['ERR_CORRUPT', 'ERR_CORRUPT'],
  ['ERR_NOT_FOUND', 'ERR_NOT_FOUND'],
  ['ERR_INVALID_ARGUMENT', 'ERR_UNSUPPORTED_FORMAT'],
  ['SOMETHING_NEW', 'ERR_CORRUPT'],
])('a native %s is %s, with place, input and cause', async (native, code) => {
  const openError = Object.assign(new Error('bad block'), { code: native, byteOffset: 42 })
  await expect(open({ openError })).rejects.toMatchObject({
    code,
    message: 'a.fake: bad block',
    backend: 'fake',
    input: 'a.fake',
    byteOffset: 42,
    cause: openError,
  })
})

test('the thread budget reaches the addon when it changes', async () => {
  const binding = fakeBinding()
  const backend = backendOf(() => binding)
  await backend.decode(source, request)
  expect(binding.budgets).toEqual([])
  configure({ threads: availableParallelism() + 3 })
  await backend.decode(source, request)
  await backend.decode(source, request)
  expect(binding.budgets).toEqual([availableParallelism() + 3])
})

test('tags that occur twice keep both values', async () => {
  expect((await open()).info.tags).toEqual({ artist: 'A; B' })
})
