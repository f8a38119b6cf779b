import type { FileHandle } from 'node:fs/promises'

import { CliError } from '../cli-error.js'
import { interleavedBytes } from './sample-bytes.js'
import type { SampleWriter, SampleWriterOptions } from './sample-writer.js'
import { wavHeader } from './wav-header.js'
import { writeAt } from './write-at.js'

/** Writes a WAV file: 16 or 24 bit integers or 32 bit floats; beyond 4 GiB an RF64 file (EBU Tech 3306). */
export function wavWriter(
  file: FileHandle,
  options: SampleWriterOptions & { readonly largest32Bit?: number },
): SampleWriter {
  const { channels, bits, expectedFrames, largest32Bit = 0xffffffff } = options
  const frameBytes = channels * (bits / 8)
  // A length may be an estimate: leave room unless it is far from the edge.
  const isSmall = expectedFrames !== null && expectedFrames * frameBytes * 4 < largest32Bit
  const header = (frames: number): Uint8Array =>
    wavHeader({ ...options, frames, roomFor64Bit: !isSmall, largest32Bit })
  const start = header(0).length
  let frames = 0
  let clipped = 0
  return {
    get clipped() {
      return clipped
    },
    async write(channelData) {
      const block = interleavedBytes(channelData, bits)
      clipped += block.clipped
      await writeAt(file, block.bytes, start + frames * frameBytes)
      frames += channelData[0]?.length ?? 0
    },
    async finish() {
      const dataBytes = frames * frameBytes
      if (isSmall && start + dataBytes > largest32Bit) {
        throw new CliError(
          'far more samples than the file announced: too many for WAV; use --format npy',
        )
      }
      if (dataBytes % 2 === 1) await writeAt(file, Uint8Array.of(0), start + dataBytes)
      await writeAt(file, header(frames), 0)
    },
  }
}
