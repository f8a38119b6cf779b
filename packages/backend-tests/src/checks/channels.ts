import type { Check } from '../check.js'
import { ensureSame } from '../support/failure.js'
import { readerOf } from '../support/reader.js'

/** Frames that are enough to tell channels apart. */
const ENOUGH = 1000

/** Which channel is which, so that the message of a swap says so. */
export const channels: Check = {
  name: 'channels',
  title:
    'every channel is in its place: front left, front right, centre, low frequencies, back, side',
  applies: ({ channels: count, frames }) => count > 1 && frames >= ENOUGH,
  async run(backend, sample) {
    const { channelData } = await readerOf(backend).load(sample.bytes())
    const reference = sample.reference()
    const expected = Array.from({ length: sample.channels }, (_, c) =>
      reference.subarray(c * sample.frames, (c + 1) * sample.frames),
    )
    for (const [place, found] of channelData.entries()) {
      const distances = expected.map((plane) => distance(found, plane))
      const nearest = distances.indexOf(Math.min(...distances))
      ensureSame(nearest, place, `the channel of the file that comes out as channel ${place}`)
    }
  },
}

function distance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0)
}
