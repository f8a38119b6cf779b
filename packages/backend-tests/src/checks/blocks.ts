import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import { ensureClose, sliceFrames } from '../support/compare.js'
import { ensure, ensureSame } from '../support/failure.js'
import { readerOf } from '../support/reader.js'

/** A stream against a load. */
export const blocks: Check = {
  name: 'blocks',
  title: 'the blocks of a stream are what load gives, cut into pieces',
  applies: hasFrames,
  async run(backend, sample) {
    const { load, stream } = readerOf(backend)
    const bytes = sample.bytes()
    const third = Math.floor(sample.frames / 3) / sample.sampleRate
    for (const options of [
      {},
      { sampleRate: 12_000, mono: true },
      { offset: third, duration: third },
    ]) {
      const whole = await load(bytes, options)
      const blockFrames = Math.max(1, Math.ceil(whole.frames / 5))
      const blockSeconds = blockFrames / whole.sampleRate
      let position = 0
      for await (const block of stream(bytes, { ...options, blockSeconds })) {
        const what = `the block at frame ${position} of ${whole.frames}`
        const end = Math.min(position + blockFrames, whole.frames)
        ensureSame(block.frames, end - position, `${what}: the number of frames`)
        const start = whole.startSeconds + position / whole.sampleRate
        ensure(Math.abs(block.startSeconds - start) < 1e-9, `${what}: startSeconds is wrong`)
        ensureClose(block.data, sliceFrames(whole.data, whole.channels, position, end), 0, what)
        position = end
      }
      ensureSame(position, whole.frames, 'the number of frames in all blocks')
    }
  },
}
