// Aborts decodes on the way: how long the rejection takes, and what still happens after it.
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'

import { load, stream } from '@audiodecode/core'

const WATCH_MS = 300

/** Waits for `work` to reject after an abort in `afterMs`; null when it was done before. */
async function abortAfter(afterMs, work) {
  const controller = new AbortController()
  const reason = new Error('enough')
  let abortedAt = Number.NaN
  const timer = setTimeout(() => {
    abortedAt = performance.now()
    controller.abort(reason)
  }, afterMs)
  try {
    await work(controller.signal)
    clearTimeout(timer)
    return null
  } catch (error) {
    if (error !== reason) throw error
    return performance.now() - abortedAt
  }
}

/** CPU time of the whole process, all threads, while the main thread only waits. */
async function cpuMsAfter() {
  const before = process.cpuUsage()
  await delay(WATCH_MS)
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1000
}

async function latencyAndCpu(afterMs, work) {
  globalThis.gc?.()
  const latencyMs = await abortAfter(afterMs, work)
  return latencyMs === null ? null : { latencyMs, cpuMs: await cpuMsAfter() }
}

/** { latencyMs, cpuMs } of a `load` that is aborted after `afterMs`, or null when it was faster. */
export function abortLoad({ file, options, afterMs }) {
  return latencyAndCpu(afterMs, (signal) => load(file, { ...options, signal }))
}

/** The same for a consumer of blocks. */
export function abortStream({ file, options, afterMs }) {
  return latencyAndCpu(afterMs, async (signal) => {
    for await (const block of stream(file, { ...options, signal })) void block
  })
}

/** Samples of a shared `out` that still change in the time after the rejection. */
export async function abortOut({ file, samples, afterMs }) {
  const out = new Float32Array(new SharedArrayBuffer(4 * samples))
  const latencyMs = await abortAfter(afterMs, (signal) => load(file, { out, signal }))
  if (latencyMs === null) return null
  // No decoder writes 2: samples lie in [-1, 1].
  const written = out.findLastIndex((sample) => sample !== 0) + 1
  out.fill(2)
  await delay(WATCH_MS)
  let changed = 0
  for (let index = 0; index < out.length; index++) if (out[index] !== 2) changed++
  return { latencyMs, written, changed }
}
