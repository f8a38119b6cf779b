import { AudioDecoder, load } from '@audiodecode/core'
import { makeWav, opener, temporaryFolder, wholeFile } from '@audiodecode/test-support'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { rustBackend } from '../src/index.js'

const openRust = opener(rustBackend)

const temporaryFile = temporaryFolder()
const frames = 44_100 * 600
let path = ''
beforeAll(() => {
  path = temporaryFile('long.wav', makeWav({ frames, sample: (frame) => frame & 0x3fff }))
})
afterAll(() => {
  path = ''
})

// Resampling makes the work long enough to be interrupted.
const slow = { sampleRate: 16_000 }

test('a signal that is aborted already rejects with its reason', async () => {
  const reason = new Error('not wanted')
  await expect(load(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  await expect(openRust(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('an abort during the decode rejects with the reason, soon, and shared memory is left alone after that', async () => {
  const handle = await openRust(path)
  const out = new Float32Array(new SharedArrayBuffer(2 * Math.ceil((frames * 160) / 441) * 4))
  const controller = new AbortController()
  const pending = handle.decode(wholeFile({ ...slow, out, signal: controller.signal }))
  await new Promise((done) => setTimeout(done, 100))
  const reason = new Error('enough')
  out.fill(-2, out.length - 1)
  controller.abort(reason)
  await expect(pending).rejects.toBe(reason)
  // Stopped on the way, not at its end.
  expect(out.at(-1)).toBe(-2)
  out.fill(0)
  await new Promise((done) => setTimeout(done, 50))
  expect(out.every((value) => value === 0)).toBe(true)
  await handle.close()
})

test('an abort of one decode leaves the others of its handle alone', async () => {
  const handle = await openRust(path)
  const controller = new AbortController()
  const aborted = handle.decode(wholeFile({ ...slow, signal: controller.signal }))
  const kept = handle.decode(wholeFile({ startFrame: 100, endFrame: 102 }))
  controller.abort()
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
  expect([...(await kept).data]).toEqual([100, 101, 100, 101].map((value) => value / 32_768))
  await handle.close()
})

test('decodes that wait for a thread are aborted at once', async () => {
  const handle = await openRust(path)
  const stop = new AbortController()
  let finished = 0
  const busy = Array.from({ length: 40 }, async () => {
    await handle.decode(wholeFile({ ...slow, endFrame: 44_100 * 60, signal: stop.signal }))
    finished += 1
  })
  const controller = new AbortController()
  const queued = handle.decode(wholeFile({ ...slow, signal: controller.signal }))
  controller.abort()
  await expect(queued).rejects.toMatchObject({ name: 'AbortError' })
  expect(finished).toBeLessThan(10)
  stop.abort()
  await Promise.allSettled(busy)
  await handle.close()
})

test('closing a decoder ends what runs and refuses what comes', async () => {
  const handle = await openRust(path)
  const ended = handle.decode(wholeFile(slow)).catch((error: unknown) => error)
  await handle.close()
  expect(await ended).toMatchObject({ code: 'ERR_CLOSED' })
  await expect(handle.decode(wholeFile())).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  await handle.close()
})

test('leaving a stream early lets the decoder go on', async () => {
  await using decoder = await AudioDecoder.open(path)
  for await (const block of decoder.stream({ blockSeconds: 1 })) {
    expect(block.frames).toBe(44_100)
    break
  }
  const { data } = await decoder.decode({ offset: 599, duration: 1 })
  expect(data[0]).toBe(((599 * 44_100) & 0x3fff) / 32_768)
})
