import { endianness } from 'node:os'

const isBigEndian = endianness() === 'BE'

/** Bytes for a file, and how many samples had to be cut to fit. */
export interface SampleBytes {
  readonly bytes: Uint8Array
  /** Samples outside what the format can hold; always 0 for floats. */
  readonly clipped: number
}

/** One channel as little-endian float32. */
export function floatBytes(samples: Float32Array): Uint8Array {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  return isBigEndian ? Buffer.from(bytes).swap32() : bytes
}

/**
 * Channels interleaved, as WAV stores them: 16 and 24 bit two's complement, 32 bit IEEE float. Full scale is 2^(bits-1), so
 * that what came from integers of that size goes back to the same integers; values between are rounded to the nearest.
 */
export function interleavedBytes(
  channels: readonly Float32Array[],
  bits: 16 | 24 | 32,
): SampleBytes {
  if (bits === 32) return { bytes: interleaveFloats(channels), clipped: 0 }
  const count = channels.length
  const frames = channels[0]?.length ?? 0
  const width = bits / 8
  const scale = 2 ** (bits - 1)
  const bytes = new Uint8Array(frames * count * width)
  let clipped = 0
  for (const [c, samples] of channels.entries()) {
    for (let i = 0, at = c * width; i < frames; i++, at += count * width) {
      let value = Math.round((samples[i] as number) * scale)
      if (value > scale - 1) {
        // Exactly full scale has no positive code but is no overload either.
        if (value > scale) clipped++
        value = scale - 1
      } else if (value < -scale) {
        clipped++
        value = -scale
      }
      bytes[at] = value
      bytes[at + 1] = value >> 8
      if (width === 3) bytes[at + 2] = value >> 16
    }
  }
  return { bytes, clipped }
}

function interleaveFloats(channels: readonly Float32Array[]): Uint8Array {
  const count = channels.length
  const only = channels[0]
  if (count === 1 && only !== undefined) return floatBytes(only)
  const frames = only?.length ?? 0
  const mixed = new Float32Array(frames * count)
  for (const [c, samples] of channels.entries()) {
    for (let i = 0, at = c; i < frames; i++, at += count) mixed[at] = samples[i] as number
  }
  return floatBytes(mixed)
}
