import { bigEndian, findText, textAt } from './bytes-at.js'
import type { Format } from './format.js'

/** Boxes that may stand first in a file of the ISO 14496-12 family; old QuickTime files have no 'ftyp'. */
const FIRST_BOXES: ReadonlySet<string> = new Set([
  'ftyp',
  'styp',
  'moov',
  'moof',
  'mdat',
  'wide',
  'free',
  'skip',
  'pnot',
])

/** Sample entries by four-character code. */
const ENTRIES: readonly (readonly [code: string, codec: string])[] = [
  ['mp4a', 'aac'],
  ['alac', 'alac'],
  ['Opus', 'opus'],
  ['fLaC', 'flac'],
  ['.mp3', 'mp3'],
  ['ac-3', 'ac3'],
  ['ec-3', 'eac3'],
  ['samr', 'amr_nb'],
  ['sawb', 'amr_wb'],
  ['lpcm', 'pcm'],
  ['sowt', 'pcm'],
  ['twos', 'pcm'],
  ['ipcm', 'pcm'],
  ['fpcm', 'pcm'],
]

/** MP4, M4A, MOV or 3GP, all of them 'mp4'; the codec when the sample table stands near the start. */
export function mp4Format(bytes: Uint8Array): Format | null {
  const type = textAt(bytes, 4, 4)
  const size = bigEndian(bytes, 0, 4)
  // A size of 0 reaches to the end of the file, 1 announces 64 bits.
  if (!FIRST_BOXES.has(type) || (size > 1 && size < 8)) return null
  return { container: 'mp4', codec: entryCodec(bytes) }
}

/** The first entry of the first 'stsd' that is one of sound. */
function entryCodec(bytes: Uint8Array): string | null {
  for (let at = findText(bytes, 'stsd'); at >= 0; at = findText(bytes, 'stsd', at + 4)) {
    const code = textAt(bytes, at + 16, 4)
    const entry = ENTRIES.find(([known]) => known === code)
    if (entry !== undefined) return code === 'mp4a' ? mp4aCodec(bytes, at) : entry[1]
  }
  return null
}

/** Object types of MPEG-1 and MPEG-2 audio (ISO/IEC 14496-1, table 5), layers I to III: encoders write MP3. */
const MPEG_AUDIO: ReadonlySet<number> = new Set([0x69, 0x6b])

/** What the elementary stream descriptor in an 'mp4a' entry names (ISO/IEC 14496-1, 7.2.6): AAC unless it says otherwise. */
function mp4aCodec(bytes: Uint8Array, entry: number): string {
  // Behind the name come version and flags, then a tag with its length and three bytes of stream, then one with the type.
  const stream = findText(bytes, 'esds', entry) + 8
  if (stream < 8 || bytes[stream] !== 3) return 'aac'
  const decoder = behindLength(bytes, stream + 1) + 3
  if (bytes[decoder] !== 4) return 'aac'
  return MPEG_AUDIO.has(bytes[behindLength(bytes, decoder + 1)] ?? 0) ? 'mp3' : 'aac'
}

/** Lengths go on while the highest bit is set, for four bytes at most. */
function behindLength(bytes: Uint8Array, at: number): number {
  let end = at
  while (end < at + 3 && (bytes[end] ?? 0) >= 0x80) end++
  return end + 1
}
