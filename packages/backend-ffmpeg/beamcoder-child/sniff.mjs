import { readSync } from 'node:fs'

/** Bytes looked at. */
const SAMPLE_BYTES = 512

/** Beginnings of files that hold no sound. */
const FOREIGN = [
  '\x89PNG',
  '\xff\xd8\xff',
  'GIF8',
  '%PDF',
  'PK\x03\x04',
  '\x1f\x8b',
  '\x7fELF',
  'MThd',
  '7z\xbc\xaf',
  'Rar!',
]

/** Sound whose header is text. */
const TEXT_HEADER = 'NIST_1A'

/**
 * What a file is when it is certainly no audio, or null. FFmpeg would only fail, and each of its failures costs a process. Text is
 * refused with the playlists and descriptions that are text.
 *
 * @param {number} file
 */
export function notAudio(file) {
  const bytes = Buffer.alloc(SAMPLE_BYTES)
  const sample = bytes.subarray(0, readSync(file, bytes, 0, SAMPLE_BYTES, 0))
  if (sample.length < 4) return 'too few bytes'
  const start = sample.toString('latin1')
  if (FOREIGN.some((magic) => start.startsWith(magic))) return 'a file that is not audio'
  if (sample.every((byte) => byte === 0)) return 'nothing but zeros'
  if (start.startsWith('RIFX')) return 'big-endian WAV, which FFmpeg reads wrongly'
  return !start.startsWith(TEXT_HEADER) && isText(sample) ? 'text' : null
}

function isText(sample) {
  if (
    sample.some(
      (byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d,
    )
  )
    return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true })
    return true
  } catch {
    return false
  }
}
