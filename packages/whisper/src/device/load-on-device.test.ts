import { AudioDecodeError } from '@audiodecode/core'
import { expect, test } from 'vitest'

import type { WhisperRuntime } from '../model-options.js'
import type { ChosenDevice } from './choose-device.js'
import { loadOnDevice } from './load-on-device.js'

const onCard = async (): Promise<ChosenDevice> => ({ device: 'cuda', reason: 'there' })

/** A load that fails on the graphics card. */
const failing =
  (error: Error) =>
  async ({ device, computeType }: WhisperRuntime): Promise<string> => {
    if (device === 'cuda') throw error
    return computeType
  }

test('a model that the card cannot take is loaded on the processor, and the reason says so', async () => {
  const { loaded, runtime } = await loadOnDevice({}, failing(new Error('out of memory')), onCard)
  expect(loaded).toBe('int8')
  expect(runtime).toMatchObject({ device: 'cpu', computeType: 'int8' })
  expect(runtime.reason).toContain('out of memory')
})

test('who asks for the card gets it or the error', async () => {
  const load = failing(new Error('out of memory'))
  await expect(loadOnDevice({ device: 'cuda' }, load, onCard)).rejects.toThrow('out of memory')
  const { loaded } = await loadOnDevice({}, async ({ computeType }) => computeType, onCard)
  expect(loaded).toBe('float16')
})

test('a broken model, or an abort, is not tried twice', async () => {
  let loads = 0
  const load = async (): Promise<never> => {
    loads += 1
    throw new AudioDecodeError('ERR_MODEL', 'broken')
  }
  await expect(loadOnDevice({}, load, onCard)).rejects.toThrow('broken')
  expect(loads).toBe(1)
  const signal = AbortSignal.abort(new Error('enough'))
  const aborted = loadOnDevice({ signal }, failing(new Error('enough')), onCard)
  await expect(aborted).rejects.toThrow('enough')
})

test('int8 without its addon gives way to float32, unless it was asked for', async () => {
  const missing = new AudioDecodeError('ERR_BACKEND_UNAVAILABLE', 'no addon')
  const load = async ({ device, computeType }: WhisperRuntime): Promise<string> => {
    if (device === 'cuda') throw new Error('out of memory')
    if (computeType === 'int8') throw missing
    return computeType
  }
  const { loaded, runtime } = await loadOnDevice({}, load, onCard)
  expect(loaded).toBe('float32')
  expect(runtime.reason).toContain('lacks its addon')
  await expect(loadOnDevice({ computeType: 'int8' }, load, onCard)).rejects.toBe(missing)
})
