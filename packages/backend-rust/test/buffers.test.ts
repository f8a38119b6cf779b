import { readFileSync } from 'node:fs'

import { load } from '@audiodecode/core'
import { countingSample, makeWav, opener, wholeFile } from '@audiodecode/test-support'
import { expect, test } from 'vitest'

import { rustBackend } from '../src/index.js'

const openRust = opener(rustBackend)

const frames = 400_000
const wav = makeWav({ frames, sample: countingSample })

function isRight(data: Float32Array): boolean {
  if (data.length !== 2 * frames) return false
  return data.every((value, at) => {
    return value === countingSample(at % frames, at < frames ? 0 : 1) / 32_768
  })
}

test('input bytes that are overwritten and transferred during the decode do not matter', async () => {
  const bytes = new Uint8Array(wav)
  const pending = load(bytes)
  bytes.fill(0)
  structuredClone(bytes, { transfer: [bytes.buffer] })
  expect(bytes.length).toBe(0)
  // Core copies small input at once; whatever it had not copied yet is an error, never a wrong sample.
  const result = await pending.catch((error: unknown) => error)
  if (result instanceof Error) expect(result).toMatchObject({ code: 'ERR_IO' })
  else expect(isRight((result as { data: Float32Array }).data)).toBe(true)
})

test('the bytes of an opened handle are not needed any more', async () => {
  const bytes = new Uint8Array(wav)
  const handle = await openRust(bytes)
  bytes.fill(0)
  structuredClone(bytes, { transfer: [bytes.buffer] })
  const { data } = await handle.decode(wholeFile())
  await handle.close()
  expect(isRight(data)).toBe(true)
})

test('a result belongs to its caller: overwritten and transferred, the next one is right', async () => {
  const handle = await openRust(wav)
  const first = await handle.decode(wholeFile())
  first.data.fill(7)
  const moved = structuredClone(first.data, { transfer: [first.data.buffer as ArrayBuffer] })
  expect([moved.length, first.data.length]).toEqual([2 * frames, 0])
  const second = await handle.decode(wholeFile())
  expect(isRight(second.data)).toBe(true)
  await handle.close()
})

test('shared memory is written in place', async () => {
  const out = new Float32Array(new SharedArrayBuffer((2 * frames + 10) * 4))
  out.fill(9)
  const handle = await openRust(wav)
  const { data } = await handle.decode(wholeFile({ out }))
  expect(data.buffer).toBe(out.buffer)
  expect(isRight(data)).toBe(true)
  expect([...out.subarray(2 * frames)]).toEqual(Array.from({ length: 10 }, () => 9))
  await handle.close()
})

test('shared memory is filled from its start when the file is shorter than it claims', async () => {
  const out = new Float32Array(new SharedArrayBuffer(2 * frames * 4))
  const handle = await openRust(wav.subarray(0, 44 + 1000 * 4))
  const { data } = await handle.decode(wholeFile({ out }))
  expect(data.length).toBe(2000)
  expect([data[999], data[1000]]).toEqual([
    countingSample(999, 0) / 32_768,
    countingSample(0, 1) / 32_768,
  ])
  await handle.close()
})

test.each(['vorbis.webm', 'opus.webm', 'aac.mkv'])(
  'shared memory behind the result stays as it is where the container is not exact: %s',
  async (name) => {
    const bytes = new Uint8Array(
      readFileSync(new URL(`../../../fixtures/formats/${name}`, import.meta.url)),
    )
    const handle = await openRust(bytes)
    const whole = await handle.decode(wholeFile())
    const out = new Float32Array(new SharedArrayBuffer((whole.data.length + 4_000) * 4))
    out.fill(9)
    const { data } = await handle.decode(wholeFile({ out }))
    // Core copies what does not lie in it yet.
    expect(new Float32Array(data)).toEqual(whole.data)
    expect([...out.subarray(whole.data.length)]).toEqual(Array.from({ length: 4_000 }, () => 9))
    await handle.close()
  },
)

test('an out that is not shared is filled by core, never by a thread', async () => {
  const out = new Float32Array(2 * frames)
  const { data } = await load(wav, { out })
  expect(data.buffer).toBe(out.buffer)
  expect(isRight(out)).toBe(true)
})

test('decodes of one handle overlap', async () => {
  const handle = await openRust(wav)
  const results = await Promise.all(
    Array.from({ length: 12 }, async (_, i) =>
      handle.decode(wholeFile({ startFrame: i * 1000, endFrame: i * 1000 + 100_000 })),
    ),
  )
  for (const [i, { data }] of results.entries()) {
    expect(data.length).toBe(200_000)
    expect(data[0]).toBe(countingSample(i * 1000, 0) / 32_768)
    expect(data[199_999]).toBe(countingSample(i * 1000 + 99_999, 1) / 32_768)
  }
  await handle.close()
})

test('a result that does not fit into memory is ERR_LIMIT_EXCEEDED, told before decoding', async () => {
  const limits = {
    maxInputBytes: Infinity,
    maxOutputBytes: 1_000_000,
    maxDurationSeconds: Infinity,
    maxChannels: 64,
    network: false,
    networkTimeoutMs: 1,
  }
  const handle = await openRust(wav)
  await expect(handle.decode(wholeFile({ limits }))).rejects.toMatchObject({
    code: 'ERR_LIMIT_EXCEEDED',
    backend: 'rust',
    message: expect.stringContaining('maxOutputBytes') as string,
  })
  await handle.close()
})
