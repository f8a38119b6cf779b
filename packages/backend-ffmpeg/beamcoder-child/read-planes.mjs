/** How samples of FFmpeg's formats become floats: the array that reads them, and what 1.0 is. */
const KINDS = {
  u8: { Samples: Uint8Array, zero: 128, full: 128 },
  s16: { Samples: Int16Array, zero: 0, full: 32_768 },
  s32: { Samples: Int32Array, zero: 0, full: 2_147_483_648 },
  flt: { Samples: Float32Array, zero: 0, full: 1 },
  dbl: { Samples: Float64Array, zero: 0, full: 1 },
}

/** Whether samples of this format can be read. @param {string} format */
export const isKnown = (format) => kindOf(format) !== undefined

const kindOf = (format) =>
  KINDS[format] ?? (format.endsWith('p') ? KINDS[format.slice(0, -1)] : undefined)

/**
 * Copies `count` samples of each channel of a frame, from its sample `from` on, into `planes` at `at`.
 *
 * @param {{ format: string, channels: number, nb_samples: number, buffers: readonly Uint8Array[] }} frame
 * @param {number} from
 * @param {number} count
 * @param {readonly Float32Array[]} planes
 * @param {number} at
 */
export function readPlanes(
  { format, channels, nb_samples: frames, buffers },
  from,
  count,
  planes,
  at,
) {
  const { Samples, zero, full } = kindOf(format)
  const planar = buffers.length > 1 || channels === 1
  const step = planar ? 1 : channels
  const sources = buffers.map((buffer) => samplesOf(buffer, Samples, frames * step))
  for (const [channel, plane] of planes.entries()) {
    const source = planar ? sources[channel] : sources[0]
    const first = planar ? from : from * step + channel
    if (step === 1 && Samples === Float32Array) {
      plane.set(source.subarray(first, first + count), at)
      continue
    }
    for (let i = 0; i < count; i++) plane[at + i] = (source[first + i * step] - zero) / full
  }
}

function samplesOf(buffer, Samples, length) {
  const size = Samples.BYTES_PER_ELEMENT
  if (buffer.length < length * size) throw new RangeError('a frame holds less than it says')
  const aligned = buffer.byteOffset % size === 0 ? buffer : Uint8Array.from(buffer)
  return new Samples(aligned.buffer, aligned.byteOffset, length)
}
