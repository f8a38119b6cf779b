/** What the four bytes of an MPEG audio frame header say (ISO 11172-3 §2.4.1.3, ISO 13818-3, and the unofficial 2.5). */
export interface MpegHeader {
  readonly layer: 1 | 2 | 3
  readonly sampleRate: number
  /** Bytes from this header to the next; null for free format, where only the next header tells. */
  readonly frameBytes: number | null
  /** What every frame of a stream shares: version, layer and rate. */
  readonly kind: number
}

/** kbit/s by index 1–14, for version 1 layers 1–3 and version 2 layer 1, then layers 2 and 3. */
const BIT_RATES: Readonly<Record<string, readonly number[]>> = {
  '1.1': [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1.2': [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1.3': [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2.1': [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2.2': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  '2.3': [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
}
const VERSION_1_RATES = [44_100, 48_000, 32_000]

/** Reads the header at a place, or null where the bits are none: wrong sync, reserved version, layer, rate or emphasis. */
export function mpegHeader(bytes: Uint8Array, at: number): MpegHeader | null {
  const first = bytes[at]
  const second = bytes[at + 1]
  const third = bytes[at + 2]
  const fourth = bytes[at + 3]
  if (first !== 0xff || second === undefined || third === undefined || fourth === undefined) {
    return null
  }
  const version = (second >> 3) & 3
  const layer = 4 - ((second >> 1) & 3)
  const rateIndex = (third >> 2) & 3
  const bitRateIndex = third >> 4
  const isHeader =
    second >= 0xe0 &&
    version !== 1 &&
    layer !== 4 &&
    rateIndex !== 3 &&
    bitRateIndex !== 15 &&
    (fourth & 3) !== 2
  if (!isHeader) return null

  const sampleRate = VERSION_1_RATES[rateIndex]! / [4, 0, 2, 1][version]!
  const kbits = BIT_RATES[`${version === 3 ? 1 : 2}.${layer}`]![bitRateIndex - 1]
  const padding = (third >> 1) & 1
  const frameBytes =
    kbits === undefined ? null : frameSize(version, layer, kbits, sampleRate, padding)
  return {
    layer: layer as 1 | 2 | 3,
    sampleRate,
    frameBytes,
    kind: ((second & 0x1e) << 8) | (third & 0x0c),
  }
}

function frameSize(
  version: number,
  layer: number,
  kbits: number,
  sampleRate: number,
  padding: number,
): number {
  if (layer === 1) return (Math.floor((12_000 * kbits) / sampleRate) + padding) * 4
  // Layer III of versions 2 and 2.5 has half the samples per frame.
  const scale = layer === 3 && version !== 3 ? 72_000 : 144_000
  return Math.floor((scale * kbits) / sampleRate) + padding
}
