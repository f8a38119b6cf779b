import type { AudioBackend } from '@audiodecode/core'

import type { Check } from '../check.js'
import { ensureClose } from '../support/compare.js'
import { readerOf } from '../support/reader.js'

/** Two good filters differ only where they fall off, where the sample signal holds but noise of 0.008; a straight line differs by more. */
const BOUND = 6e-3

/** The backend's own resampler against core's. */
export const resampling: Check = {
  name: 'resampling',
  title: 'at another rate it is the same sound, in the same place, without mirror images',
  applies: ({ frames }, backend) => frames >= 2000 && backend.capabilities?.resample === true,
  async run(backend, sample) {
    const bytes = sample.bytes()
    const byCore: AudioBackend = {
      ...backend,
      name: `${backend.name}, resampled by core`,
      capabilities: { ...backend.capabilities, resample: false },
    }
    for (const sampleRate of [Math.floor(sample.sampleRate * 0.8), sample.sampleRate * 2]) {
      const found = await readerOf(backend).load(bytes, { sampleRate })
      const expected = await readerOf(byCore).load(bytes, { sampleRate })
      ensureClose(found.data, expected.data, BOUND, `at ${sampleRate} Hz, against core's resampler`)
    }
  },
}
