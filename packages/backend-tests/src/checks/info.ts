import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import { ensure, ensureSame } from '../support/failure.js'
import { readerOf } from '../support/reader.js'

/** What the file is, without decoding it. */
export const info: Check = {
  name: 'info',
  title: 'info says what the file is, and its exact length',
  applies: hasFrames,
  async run(backend, sample) {
    const { info: look } = readerOf(backend)
    const quick = await look(sample.bytes())
    const exact = await look(sample.bytes(), { scan: true })
    for (const [found, how] of [
      [quick, 'info'],
      [exact, 'info with scan'],
    ] as const) {
      ensureSame(found.backend, backend.name, `${how}: backend`)
      ensureSame(found.sampleRate, sample.sampleRate, `${how}: sampleRate`)
      ensureSame(found.channels, sample.channels, `${how}: channels`)
      if (sample.container !== undefined) {
        ensureSame(found.container, sample.container, `${how}: container`)
      }
      if (sample.codec !== undefined) ensureSame(found.codec, sample.codec, `${how}: codec`)
      if (found.framesExact) ensureSame(found.frames, sample.frames, `${how}: frames`)
      ensure(
        found.frames === null || found.durationSeconds === found.frames / found.sampleRate,
        `${how}: ${found.durationSeconds} s are not ${found.frames} frames`,
      )
    }
    ensure(exact.framesExact, 'info with scan does not make the number of frames exact')
  },
}
