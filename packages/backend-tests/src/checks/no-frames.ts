import type { Check } from '../check.js'
import { ensureSame } from '../support/failure.js'
import { resultOrError } from '../support/outcome.js'
import { readerOf } from '../support/reader.js'

/** A good header with nothing behind it. */
export const noFrames: Check = {
  name: 'no-frames',
  title: 'a file without a frame is ERR_CORRUPT, or a result of no frames',
  applies: ({ frames }) => frames === 0,
  async run(backend, sample) {
    const found = await resultOrError(
      readerOf(backend).load(sample.bytes()),
      'a file without frames',
    )
    if (found instanceof Error) ensureSame(found.code, 'ERR_CORRUPT', 'the code')
    else ensureSame(found.frames, 0, 'frames')
  },
}
