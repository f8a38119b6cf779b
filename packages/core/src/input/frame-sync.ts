import { hasText } from './bytes-at.js'
import type { Format } from './format.js'
import { mpegHeader } from './mpeg-header.js'

/** Frames in a row that make a stream; more where a frame's mark is one byte alone. */
const CHAIN = 3
const LONG_CHAIN = 6

/**
 * A stream of bare frames: MPEG audio, ADTS or LOAS AAC, AC-3, DTS, MPEG-TS. At the very start a chain may be cut short by the
 * end of the bytes; behind garbage it must be whole, because four bytes that look like a header are common in any data.
 */
export function frameSync(bytes: Uint8Array): Format | null {
  for (let at = 0; at + 4 <= bytes.length; at++) {
    for (const framing of BY_FIRST[bytes[at]!]!) {
      if (isChain(bytes, at, framing)) return framing.format(bytes, at)
    }
  }
  return null
}

interface Framing {
  /** First byte of every frame. */
  readonly first: number
  readonly frames: number
  format(bytes: Uint8Array, at: number): Format
  /** Size of the frame at a place of a stream that begins at `start`; 0 when there is none. */
  frameSize(bytes: Uint8Array, at: number, start: number): number
}

function isChain(bytes: Uint8Array, start: number, { frames, frameSize }: Framing): boolean {
  let at = start
  for (let count = 0; count < frames; count++) {
    if (at + 8 > bytes.length) return count > 0 && start === 0 && frames === CHAIN
    const size = frameSize(bytes, at, start)
    if (size <= 0) return false
    at += size
  }
  return true
}

const ADTS: Format = { container: 'adts', codec: 'aac' }
const LOAS: Format = { container: 'loas', codec: 'aac' }
const DTS: Format = { container: 'dts', codec: 'dts' }
const MPEG_TS: Format = { container: 'mpeg-ts', codec: null }

const FRAMINGS: readonly Framing[] = [
  { first: 0xff, frames: CHAIN, format: mpegFormat, frameSize: mpegFrame },
  { first: 0xff, frames: CHAIN, format: () => ADTS, frameSize: adtsFrame },
  { first: 0x56, frames: CHAIN, format: () => LOAS, frameSize: loasFrame },
  { first: 0x0b, frames: CHAIN, format: ac3Format, frameSize: ac3Frame },
  { first: 0x7f, frames: CHAIN, format: () => DTS, frameSize: dtsFrame },
  { first: 0x47, frames: LONG_CHAIN, format: () => MPEG_TS, frameSize: tsPacket },
  { first: 0x00, frames: LONG_CHAIN, format: () => MPEG_TS, frameSize: timedTsPacket },
]

/** Most bytes begin no frame; looking them up keeps the scan of a whole header well below a millisecond. */
const BY_FIRST: readonly (readonly Framing[])[] = Array.from({ length: 256 }, (_, first) =>
  FRAMINGS.filter((framing) => framing.first === first),
)

function mpegFormat(bytes: Uint8Array, at: number): Format {
  return { container: 'mp3', codec: `mp${mpegHeader(bytes, at)?.layer ?? 3}` }
}

function mpegFrame(bytes: Uint8Array, at: number, start: number): number {
  const header = mpegHeader(bytes, at)
  if (header === null || header.kind !== mpegHeader(bytes, start)?.kind) return 0
  return header.frameBytes ?? 0
}

/** ISO 13818-7 §6.2: 12 bits of sync, layer 0, a 13-bit length that includes the header. */
function adtsFrame(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xf6) !== 0xf0) return 0
  if (((bytes[at + 2]! >> 2) & 15) > 12) return 0
  const size = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5)
  return size >= 7 ? size : 0
}

/** ISO 14496-3 §1.7.2: AudioSyncStream, 11 bits of sync and 13 of length. */
function loasFrame(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x56 || (bytes[at + 1]! & 0xe0) !== 0xe0) return 0
  return 3 + (((bytes[at + 1]! & 0x1f) << 8) | bytes[at + 2]!)
}

/** ETSI TS 102 366 §4.4.1: kbit/s by frame size code / 2. */
const AC3_KBITS = [
  32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640,
]
const AC3_RATES = [48_000, 44_100, 32_000]

function ac3Frame(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x0b || bytes[at + 1] !== 0x77) return 0
  if (isEac3(bytes, at)) return 2 * ((((bytes[at + 2]! & 7) << 8) | bytes[at + 3]!) + 1)
  const rate = AC3_RATES[bytes[at + 4]! >> 6]
  const code = bytes[at + 4]! & 0x3f
  const kbits = AC3_KBITS[code >> 1]
  if (rate === undefined || kbits === undefined) return 0
  const words = Math.floor((kbits * 96_000) / rate)
  return 2 * (rate === 44_100 ? words + (code & 1) : words)
}

function ac3Format(bytes: Uint8Array, at: number): Format {
  return isEac3(bytes, at)
    ? { container: 'eac3', codec: 'eac3' }
    : { container: 'ac3', codec: 'ac3' }
}

/** bsid above 10 is the enhanced syntax (§E.1.3.1.6). */
function isEac3(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 5]! >> 3 > 10
}

/** ETSI TS 102 114 §5.3: the core's frame size minus one lies in 14 bits from bit 46. */
function dtsFrame(bytes: Uint8Array, at: number): number {
  if (!hasText(bytes, at, '\x7F\xFE\x80\x01')) return 0
  const size = ((bytes[at + 5]! & 3) << 12) | (bytes[at + 6]! << 4) | (bytes[at + 7]! >> 4)
  return size >= 95 ? size + 1 : 0
}

function tsPacket(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0x47 ? 188 : 0
}

/** M2TS: each packet behind four bytes of time. */
function timedTsPacket(bytes: Uint8Array, at: number): number {
  return bytes[at + 4] === 0x47 ? 192 : 0
}
