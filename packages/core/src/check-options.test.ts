import { expect, test } from 'vitest'

import { plainRamp, rampFile } from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import {
  AudioDecoder,
  configure,
  info,
  load,
  loadBatch,
  outputLength,
  registerBackend,
  registerCache,
  registerTranscriber,
  stream,
} from './index.js'

resetRegistry()

const file = rampFile({ sampleRate: 800, channels: 1, frames: 8 })

/** What a caller without types may write. */
const wrong: readonly (readonly [unknown, typeof TypeError | typeof RangeError])[] = [
  ['loud', TypeError],
  [null, TypeError],
  [{ sampleRate: '16000' }, TypeError],
  [{ sampleRate: 0 }, RangeError],
  [{ sampleRate: 16_000.5 }, RangeError],
  [{ sampleRate: Number.NaN }, RangeError],
  [{ mono: 1 }, TypeError],
  [{ offset: '1' }, TypeError],
  [{ offset: Infinity }, RangeError],
  [{ duration: -1 }, RangeError],
  [{ duration: Number.NaN }, RangeError],
  [{ backend: 7 }, TypeError],
  [{ backend: [] }, TypeError],
  [{ track: -1 }, RangeError],
  [{ onDamage: 'ignore' }, TypeError],
  [{ quality: 'good' }, TypeError],
  [{ threads: 0 }, RangeError],
  [{ cache: 'yes' }, TypeError],
  [{ limits: 5 }, TypeError],
  [{ limits: { maxChannels: 0 } }, RangeError],
  [{ limits: { maxOutputBytes: '1' } }, TypeError],
  [{ limits: { network: 1 } }, TypeError],
  [{ onProgress: true }, TypeError],
  [{ signal: {} }, TypeError],
]

test.each(wrong)('%o is refused by every call', async (options, error) => {
  const given = options as object
  await expect(load(file, given)).rejects.toThrow(error)
  const ranged =
    typeof options === 'object' &&
    options !== null &&
    /offset|duration/u.test(Object.keys(options).join())
  await expect(AudioDecoder.open(file, given)).rejects.toThrow(ranged ? TypeError : error)
  expect(() => stream(file, given)).toThrow(error)
  expect(() => loadBatch([file], given)).toThrow(error)
})

test.each([{ out: [1, 2] }, { out: new Float64Array(4) }])('%o is no buffer', async (options) => {
  await expect(load(file, options as object)).rejects.toThrow(TypeError)
})

test('options that belong to another call are refused', async () => {
  const out = new Float32Array(8)
  expect(() => stream(file, { out } as object)).toThrow(TypeError)
  expect(() => loadBatch([file], { out } as object)).toThrow(TypeError)
  await expect(AudioDecoder.open(file, { offset: 1 } as object)).rejects.toThrow(TypeError)
  expect(() => stream(file, { blockSeconds: 0 })).toThrow(RangeError)
  expect(() => loadBatch([file], { concurrency: 0 })).toThrow(RangeError)
  expect(() => loadBatch('file.wav' as never)).toThrow(TypeError)
  expect(() => loadBatch(file as never)).toThrow(TypeError)
  await expect(info(file, { scan: 1 } as object)).rejects.toThrow(TypeError)
  await expect(load(42 as never)).rejects.toThrow(TypeError)
})

test('an endless duration means to the end, an undefined option its default', async () => {
  registerBackend(plainRamp())
  const options = { duration: Infinity, offset: undefined, signal: undefined } as object
  expect((await load(file, options)).frames).toBe(8)
})

test('outputLength needs exact frames', () => {
  const inexact = { frames: 100, framesExact: false } as never
  expect(() => outputLength(inexact)).toThrow(/scan/u)
})

test('what is registered must be what it says', () => {
  expect(() => registerBackend({ name: 'x' } as never)).toThrow(TypeError)
  expect(() => registerBackend({ ...plainRamp(), name: '' })).toThrow(TypeError)
  expect(() => registerBackend({ ...plainRamp(), tier: 'best' as never })).toThrow(TypeError)
  expect(() => registerCache({} as never)).toThrow(TypeError)
  expect(() => registerTranscriber(null as never)).toThrow(TypeError)
  expect(() => configure({ threads: 0 })).toThrow(RangeError)
  expect(() => configure({ threads: '2' } as never)).toThrow(TypeError)
})
