import type { FileHandle } from 'node:fs/promises'

import { npyHeader } from './npy-header.js'
import type { OutputFile } from './output-file.js'
import { floatBytes } from './sample-bytes.js'
import type { SampleWriter } from './sample-writer.js'
import { writeAt } from './write-at.js'

/**
 * Writes channel after channel, as `.f32` (nothing else) or `.npy`. Where the second channel begins is known only at the
 * end, so all but the first wait in scratch files.
 */
export function planarWriter(
  file: OutputFile,
  format: 'npy' | 'f32',
  channels: number,
): SampleWriter {
  const headerBytes = format === 'npy' ? npyHeader(channels, 0).length : 0
  const planes: FileHandle[] = []
  let planeBytes = 0
  return {
    clipped: 0,
    async write(channelData) {
      let length = 0
      for (const [c, samples] of channelData.entries()) {
        const plane = c === 0 ? file.handle : (planes[c - 1] ??= await file.scratch())
        const bytes = floatBytes(samples)
        length = bytes.length
        await writeAt(plane, bytes, planeBytes + (c === 0 ? headerBytes : 0))
      }
      planeBytes += length
    },
    async finish() {
      let end = headerBytes + planeBytes
      for (const plane of planes) {
        await append(plane, file.handle, end)
        end += planeBytes
      }
      if (format === 'npy') await writeAt(file.handle, npyHeader(channels, planeBytes / 4), 0)
    },
  }
}

async function append(from: FileHandle, to: FileHandle, position: number): Promise<void> {
  const chunk = new Uint8Array(1024 * 1024)
  for (let at = 0; ;) {
    const { bytesRead } = await from.read(chunk, 0, chunk.length, at)
    if (bytesRead === 0) return
    await writeAt(to, chunk.subarray(0, bytesRead), position + at)
    at += bytesRead
  }
}
