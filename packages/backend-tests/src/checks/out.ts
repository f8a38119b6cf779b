import { hasFrames } from '../check.js'
import type { Check } from '../check.js'
import { ensureClose } from '../support/compare.js'
import { ensure } from '../support/failure.js'
import { rejection } from '../support/outcome.js'
import { readerOf } from '../support/reader.js'

/** Samples before and behind the caller's buffer that must stay as they are. */
const GUARD = 512
const UNTOUCHED = 7

/** The caller's buffer. */
export const out: Check = {
  name: 'out',
  title: 'out is filled to its place and not beyond, on an ArrayBuffer and on a SharedArrayBuffer',
  applies: hasFrames,
  async run(backend, sample) {
    const { load } = readerOf(backend)
    const bytes = sample.bytes()
    const half = Math.floor(sample.frames / 2) / sample.sampleRate
    for (const options of [{}, { sampleRate: 24_000, mono: true }, { offset: half }]) {
      const expected = await load(bytes, options)
      const { length } = expected.data
      for (const Memory of [ArrayBuffer, SharedArrayBuffer]) {
        const all = new Float32Array(new Memory((length + 2 * GUARD) * 4)).fill(UNTOUCHED)
        const target = all.subarray(GUARD, GUARD + length)
        const what = `out on a ${Memory.name}`
        const audio = await load(bytes, { ...options, out: target })
        ensure(audio.data.buffer === all.buffer, `${what}: the result is not in out`)
        ensureClose(new Float32Array(target), expected.data, 0, what)
        const around = [...all.subarray(0, GUARD), ...all.subarray(GUARD + length)]
        ensure(
          around.every((value) => value === UNTOUCHED),
          `${what}: samples before or behind out were written`,
        )
        const short = load(bytes, { ...options, out: target.subarray(1) })
        const error = await rejection(short, `${what} that is a sample too small`)
        ensure(error instanceof RangeError, `${what}, too small: ${String(error)}, no RangeError`)
      }
    }
  },
}
