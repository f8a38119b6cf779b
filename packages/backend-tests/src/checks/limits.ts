import type { Limits } from '@audiodecode/core'

import type { Check } from '../check.js'
import { ensureSame } from '../support/failure.js'
import { typedRejection } from '../support/outcome.js'
import { readDirectly } from '../support/read-directly.js'
import { readerOf } from '../support/reader.js'

/** What a call may use. */
export const limits: Check = {
  name: 'limits',
  title: 'limits are kept, and what just meets them is decoded',
  applies: ({ frames }) => frames > 1,
  async run(backend, sample) {
    const { load } = readerOf(backend)
    const { frames, channels, sampleRate } = sample
    const bytes = sample.bytes()
    const exact: Partial<Limits> = {
      maxOutputBytes: frames * channels * 4,
      maxDurationSeconds: frames / sampleRate,
      maxChannels: channels,
      maxInputBytes: bytes.length,
    }
    ensureSame((await load(bytes, { limits: exact })).frames, frames, 'frames within exact limits')
    const tooLow: Partial<Limits>[] = [
      { maxOutputBytes: frames * channels * 4 - 1 },
      { maxDurationSeconds: (frames - 1) / sampleRate },
      { maxInputBytes: bytes.length - 1 },
      ...(channels > 1 ? [{ maxChannels: channels - 1 }] : []),
    ]
    for (const limit of tooLow) {
      const what = `a file over ${JSON.stringify(limit)}`
      await typedRejection(load(bytes, { limits: limit }), what, ['ERR_LIMIT_EXCEEDED'])
    }
    // The backend itself holds the limits on its memory before it reserves any.
    if (backend.capabilities?.inputs?.includes('bytes') === false) return
    const own = { ...EVERYTHING, maxOutputBytes: frames * channels * 4 - 1 }
    const what = 'the backend itself, with limits.maxOutputBytes too low,'
    await typedRejection(readDirectly(backend, bytes, { limits: own }), what, [
      'ERR_LIMIT_EXCEEDED',
    ])
  },
}

const EVERYTHING: Limits = {
  maxInputBytes: 2 ** 32,
  maxOutputBytes: 2 ** 32,
  maxDurationSeconds: 86_400,
  maxChannels: 64,
  network: false,
  networkTimeoutMs: 1000,
}
