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
    if (entry !== undefined) return entry[1]
  }
  return null
}
