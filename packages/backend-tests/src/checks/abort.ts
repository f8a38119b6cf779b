import { performance } from 'node:perf_hooks'

import type { AudioBackend } from '@audiodecode/core'

import type { Check } from '../check.js'
import type { ConformanceSample } from '../conformance-sample.js'
import { ConformanceFailure, ensure } from '../support/failure.js'
import { rejection } from '../support/outcome.js'
import { readerOf } from '../support/reader.js'
import type { Reader } from '../support/reader.js'

/** A decode that takes at least so long can be interrupted; in milliseconds. */
const LONG_ENOUGH = 120
/** Most bytes a file is lengthened to. */
const MOST_BYTES = 32 * 1024 ** 2
/** A busy machine may be late once. */
const ATTEMPTS = 4

/** Callers who have lost interest. */
export const abort: Check = {
  name: 'abort',
  title:
    'an abort rejects with its reason: before the decode, soon in the middle of it, and between blocks',
  applies: ({ frames }) => frames > 100,
  async run(backend, sample) {
    const { load, stream } = readerOf(backend)
    const bytes = sample.bytes()
    const reason = new Error('no longer wanted')
    const early = load(bytes, { signal: AbortSignal.abort(reason) })
    ensureReason(await rejection(early, 'a decode with a signal that has fired'), reason)

    const controller = new AbortController()
    const blockSeconds = sample.frames / sample.sampleRate / 5
    const options = { blockSeconds, signal: controller.signal }
    const consume = async (): Promise<void> => {
      let count = 0
      for await (const _ of stream(bytes, options)) {
        count += 1
        ensure(count === 1, 'a block comes after an abort')
        controller.abort(reason)
      }
    }
    ensureReason(await rejection(consume(), 'a stream that is aborted after a block'), reason)
    if (sample.repeat !== undefined) await ensurePrompt(backend, sample, sample.repeat)
  },
}

function ensureReason(error: unknown, reason: Error): void {
  if (error instanceof ConformanceFailure) throw error
  ensure(error === reason, `the error is ${String(error)}, not signal.reason`)
}

/** Aborts after a quarter of the time that a decode takes; half of that time later it must be over. */
async function ensurePrompt(
  backend: AudioBackend,
  sample: ConformanceSample,
  repeat: NonNullable<ConformanceSample['repeat']>,
): Promise<void> {
  const { load } = readerOf(backend)
  const bytes = await longFile(load, sample, repeat)
  if (bytes === null) return
  const reason = new Error('no longer wanted')
  let whole = Infinity
  let aborted = Infinity
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Measured anew each time: the first decodes are slower, which would make later ones look interrupted.
    whole = Math.min(whole, await timeOf(load(bytes)), await timeOf(load(bytes)))
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), whole / 4)
    // Core leaves a backend behind, but for one that claims `out`: that has to stop by itself.
    const pending = load(bytes, { signal: controller.signal })
    aborted = Math.min(aborted, await timeOf(ensureOutcome(pending, reason)))
    if (aborted <= whole * 0.75) return
  }
  throw new ConformanceFailure(
    `a decode of ${Math.round(whole)} ms, aborted after a quarter of it, ends after ${Math.round(aborted)} ms`,
  )
}

/** Settles with the decode: it may have been quicker than the abort, but a rejection has to give the reason. */
async function ensureOutcome(pending: Promise<unknown>, reason: Error): Promise<void> {
  const error = await pending.then(
    () => reason,
    (thrown: unknown) => thrown,
  )
  ensureReason(error, reason)
}

async function timeOf(work: Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work
  return performance.now() - start
}

/** A file whose decode takes long, or null when no file that is small enough does. */
async function longFile(
  load: Reader['load'],
  sample: ConformanceSample,
  repeat: NonNullable<ConformanceSample['repeat']>,
): Promise<Uint8Array | null> {
  const once = sample.bytes().length
  for (let times = 64; times * once <= MOST_BYTES; times *= 2) {
    const bytes = repeat(times)
    await load(bytes)
    if ((await timeOf(load(bytes))) >= LONG_ENOUGH) return bytes
  }
  return null
}
