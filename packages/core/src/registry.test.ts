import { expect, test } from 'vitest'

import { plainRamp, rampFile } from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import * as core from './index.js'

resetRegistry()

const {
  configure,
  diagnose,
  listBackends,
  load,
  registerBackend,
  threadBudget,
  unregisterBackend,
} = core

/** A second copy, as another version in node_modules or a bundle would be. */
async function anotherCopy(): Promise<typeof core> {
  const load = async (name: string): Promise<object> => import(`${name}?second` as string)
  const [registry, errors] = await Promise.all([load('./registry.js'), load('./errors.js')])
  return { ...core, ...registry, ...errors }
}

test('a second registration of the same name replaces the first', () => {
  registerBackend(plainRamp())
  const second = plainRamp({ tier: 'fallback' })
  registerBackend(second)
  expect(listBackends()).toEqual([second])
})

test('unregistering tells whether there was one', () => {
  registerBackend(plainRamp())
  expect(unregisterBackend('ramp')).toBe(true)
  expect(unregisterBackend('ramp')).toBe(false)
  expect(listBackends()).toEqual([])
})

test('backends are listed by tier, then by time', () => {
  for (const [name, tier] of [
    ['a', 'fallback'],
    ['b', 'standard'],
    ['c', 'preferred'],
    ['d', 'standard'],
  ] as const) {
    registerBackend(plainRamp({ name, tier }))
  }
  expect(listBackends().map(({ name }) => name)).toEqual(['c', 'b', 'd', 'a'])
})

test('two copies of core share one registry and one thread budget', async () => {
  const copy = await anotherCopy()
  expect(copy.registerBackend).not.toBe(registerBackend)
  copy.registerBackend(plainRamp())
  expect((await load(rampFile({ sampleRate: 800, channels: 1, frames: 8 }))).backend).toBe('ramp')
  copy.configure({ threads: 3 })
  expect(threadBudget()).toBe(3)
  configure({ threads: 2 })
  expect(copy.threadBudget()).toBe(2)
})

test('errors are recognised across copies, and nothing else is', async () => {
  const copy = await anotherCopy()
  const error = new copy.AudioDecodeError('ERR_IO', 'read failed', { byteOffset: 3, cause: 'disk' })
  expect(error instanceof core.AudioDecodeError).toBe(false)
  expect(core.isAudioDecodeError(error)).toBe(true)
  expect(copy.isAudioDecodeError(new core.AudioDecodeError('ERR_IO', ''))).toBe(true)
  expect(error).toMatchObject({ name: 'AudioDecodeError', byteOffset: 3, cause: 'disk' })
  const others = [new Error('ERR_IO'), { code: 'ERR_IO', name: 'AudioDecodeError' }, null, 'ERR_IO']
  expect(others.some((other) => core.isAudioDecodeError(other))).toBe(false)
})

test('diagnose asks every plugin, and survives those that fail', async () => {
  const status = { available: false, version: '1.2.3', hint: 'npm i something' }
  registerBackend(plainRamp({ status: async () => status }))
  registerBackend(plainRamp({ name: 'plain' }))
  registerBackend(
    plainRamp({
      name: 'throws',
      status() {
        throw new Error('no such library')
      },
    }),
  )
  core.registerTranscriber({
    name: 'ears',
    transcribe: () => Promise.reject(new Error()),
    close: async () => {},
  })
  expect(await diagnose()).toEqual([
    { kind: 'backend', name: 'ramp', ...status },
    { kind: 'backend', name: 'plain', available: true, version: null, hint: null },
    { kind: 'backend', name: 'throws', available: false, version: null, hint: 'no such library' },
    { kind: 'transcriber', name: 'ears', available: true, version: null, hint: null },
  ])
})
