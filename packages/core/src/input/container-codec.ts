import { bigEndian, findText, hasText, littleEndian, textAt } from './bytes-at.js'
import { pcmName } from './pcm-name.js'

/** The codec inside a container, where the first bytes tell. One function per container that does. */
export const CODEC_OF: Readonly<Record<string, (bytes: Uint8Array) => string | null>> = {
  wav: waveCodec,
  rf64: waveCodec,
  bw64: waveCodec,
  aiff: aiffCodec,
  caf: cafCodec,
  dff: (bytes) => (findText(bytes, 'DST ') >= 0 ? 'dst' : 'dsd'),
  au: auCodec,
  ogg: oggCodec,
  matroska: matroskaCodec,
}

/** Format tags of RFC 2361 and later registrations. */
const WAVE_TAGS: Readonly<Record<number, string>> = {
  0x0002: 'adpcm_ms',
  0x0006: 'pcm_alaw',
  0x0007: 'pcm_mulaw',
  0x0011: 'adpcm_ima',
  0x0031: 'gsm',
  0x0040: 'g721',
  0x0050: 'mp2',
  0x0055: 'mp3',
  0x00ff: 'aac',
  0x0160: 'wma',
  0x0161: 'wma',
  0x0162: 'wma',
  0x2000: 'ac3',
  0x2001: 'dts',
}

function waveCodec(bytes: Uint8Array): string | null {
  const read = hasText(bytes, 0, 'RIFX') ? bigEndian : littleEndian
  for (let at = 12; at + 24 <= bytes.length;) {
    const size = read(bytes, at + 4, 4)
    if (hasText(bytes, at, 'fmt ')) {
      const order = read === bigEndian ? 'be' : 'le'
      const bits = read(bytes, at + 22, 2)
      let tag = read(bytes, at + 8, 2)
      // WAVE_FORMAT_EXTENSIBLE: the tag is the head of the sub-format's GUID.
      if (tag === 0xfffe) tag = read(bytes, at + 32, 2)
      if (tag === 1) return pcmName(bits === 8 ? 'u' : 's', bits, order)
      if (tag === 3) return pcmName('f', bits, order)
      return WAVE_TAGS[tag] ?? null
    }
    at += 8 + size + (size & 1)
  }
  return null
}

const FOUR_CHARACTERS: Readonly<Record<string, string>> = {
  alaw: 'pcm_alaw',
  ALAW: 'pcm_alaw',
  ulaw: 'pcm_mulaw',
  ULAW: 'pcm_mulaw',
  ima4: 'adpcm_ima_qt',
  alac: 'alac',
  'aac ': 'aac',
  '.mp3': 'mp3',
  '.mp2': 'mp2',
  '.mp1': 'mp1',
  opus: 'opus',
  flac: 'flac',
  'ac-3': 'ac3',
  'GSM ': 'gsm',
}

/** Codes of AIFF-C that mean plain samples, with their bits where the code says them. */
const AIFC_PCM: Readonly<Record<string, readonly ['s' | 'f', 'be' | 'le', number | null]>> = {
  NONE: ['s', 'be', null],
  twos: ['s', 'be', null],
  sowt: ['s', 'le', null],
  in24: ['s', 'be', 24],
  in32: ['s', 'be', 32],
  '42ni': ['s', 'le', 24],
  '23ni': ['s', 'le', 32],
  fl32: ['f', 'be', 32],
  FL32: ['f', 'be', 32],
  fl64: ['f', 'be', 64],
  FL64: ['f', 'be', 64],
}

function aiffCodec(bytes: Uint8Array): string | null {
  const common = findText(bytes, 'COMM')
  if (common < 0) return null
  const code = hasText(bytes, 8, 'AIFF') ? 'NONE' : textAt(bytes, common + 26, 4)
  const pcm = AIFC_PCM[code]
  if (pcm === undefined) return FOUR_CHARACTERS[code] ?? null
  return pcmName(pcm[0], pcm[2] ?? bigEndian(bytes, common + 14, 2), pcm[1])
}

/** The 'desc' chunk stands first; 'lpcm' says in its flags whether it is float (1) and little-endian (2). */
function cafCodec(bytes: Uint8Array): string | null {
  if (!hasText(bytes, 8, 'desc')) return null
  const code = textAt(bytes, 28, 4)
  if (code !== 'lpcm') return FOUR_CHARACTERS[code] ?? null
  const flags = bigEndian(bytes, 32, 4)
  const bits = bigEndian(bytes, 48, 4)
  return pcmName((flags & 1) === 0 ? 's' : 'f', bits, (flags & 2) === 0 ? 'be' : 'le')
}

/** Encodings of Sun's .au; plain samples as kind and bits. */
const AU_PCM: Readonly<Record<number, readonly ['s' | 'f', number]>> = {
  2: ['s', 8],
  3: ['s', 16],
  4: ['s', 24],
  5: ['s', 32],
  6: ['f', 32],
  7: ['f', 64],
}

function auCodec(bytes: Uint8Array): string | null {
  const isBig = hasText(bytes, 0, '.snd')
  const encoding = isBig ? bigEndian(bytes, 12, 4) : littleEndian(bytes, 12, 4)
  if (encoding === 1) return 'pcm_mulaw'
  if (encoding === 27) return 'pcm_alaw'
  const pcm = AU_PCM[encoding]
  return pcm === undefined ? null : pcmName(pcm[0], pcm[1], isBig ? 'be' : 'le')
}

const OGG_PACKETS: readonly (readonly [start: string, codec: string])[] = [
  ['\x01vorbis', 'vorbis'],
  ['OpusHead', 'opus'],
  ['\x7FFLAC', 'flac'],
  ['Speex   ', 'speex'],
  ['\x80theora', 'theora'],
  ['PCM     ', 'pcm'],
]

/** A file may begin with several streams, one page each; the first with sound counts, a film without any is 'theora'. */
function oggCodec(bytes: Uint8Array): string | null {
  let found: string | null = null
  for (let page = 0; hasText(bytes, page, 'OggS');) {
    const segments = bytes[page + 26] ?? 0
    const packet = page + 27 + segments
    const codec = OGG_PACKETS.find(([start]) => hasText(bytes, packet, start))?.[1] ?? null
    if (codec !== null && codec !== 'theora') return codec
    found ??= codec
    page = packet
    for (let s = 0; s < segments; s++) page += bytes[packet - segments + s] ?? 0
  }
  return found
}

const MATROSKA_CODECS: readonly (readonly [id: string, codec: string])[] = [
  ['A_OPUS', 'opus'],
  ['A_VORBIS', 'vorbis'],
  ['A_FLAC', 'flac'],
  ['A_AAC', 'aac'],
  ['A_MPEG/L3', 'mp3'],
  ['A_MPEG/L2', 'mp2'],
  ['A_EAC3', 'eac3'],
  ['A_AC3', 'ac3'],
  ['A_DTS', 'dts'],
  ['A_TRUEHD', 'truehd'],
  ['A_ALAC', 'alac'],
  ['A_PCM', 'pcm'],
  ['A_WAVPACK4', 'wavpack'],
  ['A_TTA1', 'tta'],
]

function matroskaCodec(bytes: Uint8Array): string | null {
  const at = findText(bytes, 'A_')
  if (at < 0) return null
  return MATROSKA_CODECS.find(([id]) => hasText(bytes, at, id))?.[1] ?? null
}
