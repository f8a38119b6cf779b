import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { beamcoderBackend } from '@audiodecode/backend-ffmpeg/beamcoder'
import { AudioDecoder, configure, load, threadBudget } from '@audiodecode/core'
import { opener, temporaryFolder, wholeFile } from '@audiodecode/test-support'
import { afterEach, describe, expect, test } from 'vitest'

import { beamcoderProcesses, isRunning, until } from '../src/processes.js'

const temporaryFile = temporaryFolder()
const open = opener(beamcoderBackend)
const { available } = await beamcoderBackend.status!()
const isReady = available && process.platform === 'linux'
const backend = 'beamcoder'

const ac3 = readFileSync(
  fileURLToPath(new URL('../../../crates/audiodecode-ffmpeg/tests/data/tone.ac3', import.meta.url)),
)
const endless = temporaryFile('endless.ac3', Buffer.concat(Array.from({ length: 5000 }, () => ac3)))
const frames = 5000 * 4 * 1536

const pause = async (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** Aborts a decode that is under way; gives the milliseconds until it rejected. */
async function abortInTheMiddle(out?: Float32Array): Promise<number> {
  const handle = await open(endless)
  const controller = new AbortController()
  const range = { startFrame: 1_000_000, endFrame: frames, signal: controller.signal }
  const pending = handle.decode(wholeFile({ ...range, ...(out === undefined ? {} : { out }) }))
  await pause(60)
  const reason = new Error('enough')
  const start = performance.now()
  controller.abort(reason)
  await expect(pending).rejects.toBe(reason)
  return performance.now() - start
}

describe('beamcoder:', { timeout: 60_000 }, () => {
  const threads = threadBudget()
  afterEach(() => configure({ threads }))

  test.skipIf(!isReady)('an abort ends the process that decodes, soon', async () => {
    const handle = await open(endless)
    const start = performance.now()
    await handle.decode(wholeFile({ startFrame: 1_000_000, endFrame: frames }))
    const whole = performance.now() - start
    const times: number[] = []
    for (let i = 0; i < 5; i++) times.push(await abortInTheMiddle())
    // 20 ms on a machine that has nothing else to do; the whole takes seconds.
    expect(Math.min(...times)).toBeLessThan(Math.max(20, whole / 20))
    await until(() => beamcoderProcesses().length === 0, 'no process is left')
  })

  test.skipIf(!isReady)('nothing is written to out after an abort', async () => {
    const out = new Float32Array(new SharedArrayBuffer(4 * frames))
    await abortInTheMiddle(out)
    const before = out.slice()
    await pause(100)
    expect(Buffer.from(out.slice().buffer).equals(Buffer.from(before.buffer))).toBe(true)
  })

  test.skipIf(!isReady)('a shared out is filled in place', async () => {
    const out = new Float32Array(new SharedArrayBuffer(4 * 1000))
    const audio = await load(endless, { backend, duration: 1000 / 64_000, out })
    expect(audio.data.buffer).toBe(out.buffer)
    expect(out.some((sample) => sample !== 0)).toBe(true)
  })

  test.skipIf(!isReady)('closing a decoder ends its reads', async () => {
    const decoder = await AudioDecoder.open(endless, { backend })
    const pending = decoder.decode()
    await pause(60)
    const working = beamcoderProcesses()
    await Promise.all([
      decoder.close(),
      expect(pending).rejects.toMatchObject({ code: 'ERR_CLOSED' }),
    ])
    await until(() => !working.some(isRunning), 'its process has ended')
  })

  test.skipIf(!isReady)('no more processes run than the thread budget allows', async () => {
    for (const most of [1, 2]) {
      configure({ threads: most })
      let seen = 0
      let isDone = false
      const watch = (async () => {
        for (; !isDone; await pause(5)) seen = Math.max(seen, beamcoderProcesses().length)
      })()
      const loads = Array.from({ length: 8 }, async () => load(endless, { backend, duration: 4 }))
      const all = await Promise.all(loads)
      isDone = true
      await watch
      expect(seen).toBeLessThanOrEqual(most)
      expect(new Set(all.map(({ frames: count }) => count)).size).toBe(1)
    }
  })
})
