import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import { ensureClose } from '../support/compare.js'
import { ensure, ensureSame } from '../support/failure.js'
import { readerOf } from '../support/reader.js'

/** The whole file against the reference. */
export const samples: Check = {
  name: 'samples',
  title: 'load gives the samples of the reference, all of them and no more',
  applies: hasFrames,
  async run(backend, sample) {
    const audio = await readerOf(backend).load(sample.bytes())
    ensureSame(audio.backend, backend.name, 'backend')
    ensureSame(audio.sampleRate, sample.sampleRate, 'sampleRate')
    ensureSame(audio.channels, sample.channels, 'channels')
    ensureSame(audio.frames, sample.frames, 'frames')
    ensureSame(audio.startSeconds, 0, 'startSeconds')
    ensureClose(audio.data, sample.reference(), sample.bound, 'the whole file')
    const { truncated, damaged, decodedFrames, expectedFrames } = audio.report
    ensure(!truncated, 'the report calls a good file truncated')
    ensure(damaged.length === 0, `the report calls a good file damaged: ${damaged[0]?.reason}`)
    ensureSame(decodedFrames, sample.frames, 'report.decodedFrames')
    ensure(
      expectedFrames === null || expectedFrames === sample.frames,
      `report.expectedFrames is ${expectedFrames}, not ${sample.frames}`,
    )
  },
}
