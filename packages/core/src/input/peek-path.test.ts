import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { plainRamp } from '../../test/ramp-codec.js'
import { resetRegistry } from '../../test/reset-registry.js'
import type { AudioBackend } from '../audio-backend.js'
import { defaultLimits } from '../limits.js'
import { registerBackend } from '../registry.js'
import { HEADER_BYTES } from './read-header.js'
import { resolveInput } from './resolve-input.js'

resetRegistry()
const limits = defaultLimits
const folder = mkdtempSync(join(tmpdir(), 'core-peeks-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

type Peek = NonNullable<AudioBackend['peekFile']>

/** A backend whose peeks are noted. */
function peeking(peekFile: Peek): unknown[][] {
  const calls: unknown[][] = []
  const noted: Peek = async (...args) => {
    calls.push(args)
    return peekFile(...args)
  }
  registerBackend({ ...plainRamp({ name: 'peeks' }), peekFile: noted })
  return calls
}

test('a file is opened by one peek, and by no other means', async () => {
  const calls = peeking(async () => ({ size: 20_000, bytes: new Uint8Array([1, 2]) }))
  // There is no such file.
  const path = join(folder, 'gone.WAV')
  expect(await resolveInput(path, { limits })).toEqual({
    path,
    bytes: null,
    label: path,
    size: 20_000,
    header: new Uint8Array([1, 2]),
    extension: 'wav',
  })
  expect(calls).toEqual([[path, 0, HEADER_BYTES]])
})

test('a second one looks behind a tag', async () => {
  const tag = Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0x7f, 0x7f)
  const calls = peeking(async (_, position) => ({
    size: 1e6,
    bytes: position === 0 ? tag : new Uint8Array([7]),
  }))
  const { header } = await resolveInput('/tagged.mp3', { limits })
  expect(header).toEqual(new Uint8Array([7]))
  expect(calls.map(([, position]) => position)).toEqual([0, 10 + 0x3fff])
})

test('the first backend that can is asked', async () => {
  const later = peeking(async () => null)
  registerBackend(plainRamp({ name: 'cannot', tier: 'preferred' }))
  registerBackend({
    ...plainRamp({ name: 'first', tier: 'preferred' }),
    peekFile: async () => ({ size: 1, bytes: new Uint8Array(1) }),
  })
  await resolveInput('/nowhere.wav', { limits })
  expect(later).toEqual([])
})

test.each<[string, Peek]>([
  ['null', async () => null],
  ['a rejection', async () => Promise.reject(new Error('no addon'))],
  ['an empty file', async () => ({ size: 0, bytes: new Uint8Array(0) })],
  ['a size that cannot be', async () => ({ size: Number.NaN, bytes: new Uint8Array(1) })],
  ['what is no peek', async () => undefined as unknown as null],
])('after %s core looks itself', async (_, peekFile) => {
  peeking(peekFile)
  const path = write('a.wav', 'RIFF0123WAVE')
  const { size, header } = await resolveInput(path, { limits })
  expect([size, header]).toEqual([12, new TextEncoder().encode('RIFF0123WAVE')])
  await expect(resolveInput(`${path}.gone`, { limits })).rejects.toMatchObject({
    code: 'ERR_NOT_FOUND',
  })
})

test('a file above the limit is told as ever', async () => {
  const path = write('large.wav', 'x'.repeat(100))
  peeking(async () => ({ size: 100, bytes: new Uint8Array(100) }))
  const small = { ...limits, maxInputBytes: 99 }
  await expect(resolveInput(path, { limits: small })).rejects.toMatchObject({
    code: 'ERR_LIMIT_EXCEEDED',
  })
  expect((await resolveInput(path, { limits })).size).toBe(100)
})

test('an abort during a peek rejects with its reason', async () => {
  const { signal, abort } = bound(new AbortController())
  peeking(async () => {
    abort('enough')
    return { size: 1, bytes: new Uint8Array(1) }
  })
  await expect(resolveInput('/a.wav', { limits, signal })).rejects.toBe('enough')
})

test('nor does a peek that never ends keep an abort from being heard', async () => {
  const { signal, abort } = bound(new AbortController())
  peeking(async () => {
    setImmediate(() => abort('enough'))
    return new Promise(() => {})
  })
  await expect(resolveInput('/a.wav', { limits, signal })).rejects.toBe('enough')
})

function bound(controller: AbortController): { signal: AbortSignal; abort(reason: string): void } {
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) }
}
