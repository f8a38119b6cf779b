import { AudioDecoder } from '@audiodecode/core'
import type { LoadOptions } from '@audiodecode/core'

import type { CliInput } from './inputs.js'

const SAMPLE_RATE = 16_000
/** Scale of 16-bit samples. */
const FULL_SCALE = 0x8000

/**
 * An input's samples as they come, at 16 kHz and mixed: a file is decoded block by block, standard input is raw 16-bit
 * little-endian samples of one channel at 16 kHz, which need no header to wait for.
 */
export async function* liveSamples(
  { argument, input }: CliInput,
  opening: Omit<LoadOptions, 'out' | 'offset' | 'duration'>,
): AsyncGenerator<Float32Array, void, undefined> {
  if (argument === '-') {
    yield* rawSamples(input as AsyncIterable<Uint8Array>)
    return
  }
  const decoder = await AudioDecoder.open(input, {
    ...opening,
    sampleRate: SAMPLE_RATE,
    mono: true,
  })
  try {
    for await (const { channelData } of decoder.stream()) {
      if (channelData[0] !== undefined) yield channelData[0]
    }
  } finally {
    await decoder.close()
  }
}

/** 16-bit little-endian samples, in pieces that may end within one; half a sample at the very end is none. */
export async function* rawSamples(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Float32Array, void, undefined> {
  let rest = Buffer.alloc(0)
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece])
    const count = bytes.length >> 1
    rest = bytes.subarray(2 * count)
    if (count === 0) continue
    yield Float32Array.from(
      { length: count },
      (_, index) => bytes.readInt16LE(2 * index) / FULL_SCALE,
    )
  }
}
