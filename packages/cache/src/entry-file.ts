import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

import type { AudioData } from '@audiodecode/core'

import { allocateSamples } from './allocate-samples.js'
import { audioOf } from './copy-audio.js'
import { parseHeader } from './entry-header.js'
import type { EntryHeader } from './entry-header.js'
import type { EntryPart } from './part-of-entry.js'

/*
 * An entry on disk: eight letters, the length and the CRC-32 of the header as 32-bit numbers, the header as JSON, zeros up to a
 * multiple of 64 bytes, then the planar samples as little-endian 32-bit floats. The header has a CRC-32 for every block of
 * samples, so that a part can be read by itself and a file that was cut or half written is known for what it is.
 */
const MAGIC = 'ADCACHE1'
const PREAMBLE_BYTES = 16
const ALIGNMENT = 64
const MAX_HEADER_BYTES = 1 << 24

/** Bytes that share a checksum: under a millisecond of work. */
export const BLOCK_BYTES: number = 1 << 20

/** The beginning of a file, up to its samples. */
export function encodeHead(header: EntryHeader): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const head = new Uint8Array(sampleStart(json.length))
  head.set(new TextEncoder().encode(MAGIC))
  const view = new DataView(head.buffer)
  view.setUint32(8, json.length, true)
  view.setUint32(12, crc32(json), true)
  head.set(json, PREAMBLE_BYTES)
  return head
}

function sampleStart(headerBytes: number): number {
  return Math.ceil((PREAMBLE_BYTES + headerBytes) / ALIGNMENT) * ALIGNMENT
}

/** An entry file that was opened, with what its header says. */
export interface OpenEntry extends AsyncDisposable {
  readonly header: EntryHeader
  /** All of it, or a part; null when a checksum does not fit. Its report is the stored one. */
  read(part: EntryPart | null, signal: AbortSignal): Promise<AudioData | null>
  /** Makes it the one used last. */
  touch(): Promise<void>
}

/** Opens an entry file. Null when it is none, or not whole; rejects when there is no such file. */
export async function openEntry(path: string): Promise<OpenEntry | null> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    const preamble = await readFully(file, 0, PREAMBLE_BYTES)
    const view = new DataView(preamble.buffer, preamble.byteOffset, preamble.length)
    const isOurs =
      preamble.length === PREAMBLE_BYTES &&
      new TextDecoder('latin1').decode(preamble.subarray(0, 8)) === MAGIC
    const length = isOurs ? view.getUint32(8, true) : 0
    if (length === 0 || length > Math.min(MAX_HEADER_BYTES, size)) return await closing(file)
    const json = await readFully(file, PREAMBLE_BYTES, length)
    if (crc32(json) !== view.getUint32(12, true)) return await closing(file)
    const header = parseHeader(new TextDecoder().decode(json))
    if (header === null) return await closing(file)
    const start = sampleStart(length)
    const bytes = header.frames * header.channels * Float32Array.BYTES_PER_ELEMENT
    const blocks = Math.ceil(bytes / BLOCK_BYTES)
    if (size !== start + bytes || header.checksums.length !== blocks) return await closing(file)
    return {
      header,
      read: async (part, signal) => readAudio(file, start, header, part, signal),
      async touch() {
        const now = new Date()
        await file.utimes(now, now)
      },
      [Symbol.asyncDispose]: async () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function closing(file: FileHandle): Promise<null> {
  await file.close()
  return null
}

async function readAudio(
  file: FileHandle,
  start: number,
  header: EntryHeader,
  part: EntryPart | null,
  signal: AbortSignal,
): Promise<AudioData | null> {
  const { channels, frames } = header
  const { from, to } = part ?? { from: 0, to: frames }
  const data = allocateSamples((to - from) * channels)
  const target = new Uint8Array(data.buffer)
  // Whole planes lie together, and so does the whole.
  const runs = part === null ? 1 : channels
  const runBytes = target.length / runs
  for (let run = 0; run < runs; run++) {
    const at = (run * frames + from) * Float32Array.BYTES_PER_ELEMENT
    const into = target.subarray(run * runBytes, (run + 1) * runBytes)
    if (!(await readChecked(file, start, at, into, header, signal))) return null
  }
  const startSeconds = part?.startSeconds ?? header.startSeconds
  return audioOf({ ...header, data, startSeconds, report: part?.report ?? header.report })
}

/** Fills `target` with the sample bytes from `at` on, by whole blocks, each held against its checksum. */
async function readChecked(
  file: FileHandle,
  start: number,
  at: number,
  target: Uint8Array,
  { checksums, frames, channels }: EntryHeader,
  signal: AbortSignal,
): Promise<boolean> {
  const total = frames * channels * Float32Array.BYTES_PER_ELEMENT
  const end = at + target.length
  for (let block = Math.floor(at / BLOCK_BYTES); block * BLOCK_BYTES < end; block++) {
    signal.throwIfAborted()
    const blockStart = block * BLOCK_BYTES
    const length = Math.min(BLOCK_BYTES, total - blockStart)
    const isInside = blockStart >= at && blockStart + length <= end
    const bytes = isInside
      ? target.subarray(blockStart - at, blockStart - at + length)
      : new Uint8Array(length)
    if ((await fill(file, start + blockStart, bytes)) !== length) return false
    if (crc32(bytes) !== checksums[block]) return false
    if (isInside) continue
    const from = Math.max(at, blockStart)
    const to = Math.min(end, blockStart + length)
    target.set(bytes.subarray(from - blockStart, to - blockStart), from - at)
  }
  return true
}

async function readFully(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  return bytes.subarray(0, await fill(file, position, bytes))
}

/** Bytes read: fewer than asked for at the end of the file. */
async function fill(file: FileHandle, position: number, bytes: Uint8Array): Promise<number> {
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}
