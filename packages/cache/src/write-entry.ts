import { open } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'

import type { AudioData, CacheKey } from '@audiodecode/core'

import { backendVersion } from './backend-version.js'
import { BLOCK_BYTES, encodeHead } from './entry-file.js'
import { packageVersion } from './package-version.js'

/** Writes an entry into a new file and gives its size in bytes. */
export async function writeEntry(path: string, key: CacheKey, audio: AudioData): Promise<number> {
  const { data, channels, frames, sampleRate, startSeconds, backend, report } = audio
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const file = await open(path, 'wx', 0o600)
  try {
    const checksums: number[] = []
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      checksums.push(crc32(bytes.subarray(at, at + BLOCK_BYTES)))
      await nextTurn()
    }
    const head = encodeHead({
      key,
      version: packageVersion(),
      backendVersion: await backendVersion(backend),
      channels,
      frames,
      sampleRate,
      startSeconds,
      backend,
      report,
      checksums,
    })
    await file.write(head)
    // Without a sync: what a crash leaves unwritten does not fit its checksum.
    for (let at = 0; at < bytes.length;) {
      const piece = Math.min(4 * BLOCK_BYTES, bytes.length - at)
      const { bytesWritten } = await file.write(bytes, at, piece, head.length + at)
      at += bytesWritten
    }
    return head.length + bytes.length
  } finally {
    await file.close()
  }
}
