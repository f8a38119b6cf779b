/** What a WAV header says. */
export interface WavHeaderOptions {
  readonly channels: number
  readonly sampleRate: number
  /** 32 is IEEE float. */
  readonly bits: 16 | 24 | 32
  readonly frames: number
  /** Leave room for 64-bit sizes (EBU Tech 3306: a JUNK chunk that becomes ds64 when it is needed). */
  readonly roomFor64Bit: boolean
  /** Largest size that a 32-bit field may say. */
  readonly largest32Bit: number
}

const PCM = 1
const FLOAT = 3
const EXTENSIBLE = 0xfffe
/** The last 14 bytes of the sub-format GUIDs, {0000xxxx-0000-0010-8000-00aa00389b71}. */
const GUID_TAIL = '000000001000800000aa00389b71'

/** Everything before the samples. Its length does not depend on `frames`. */
export function wavHeader(options: WavHeaderOptions): Uint8Array {
  const { channels, sampleRate, bits, frames } = options
  const frameBytes = channels * (bits / 8)
  const dataBytes = frames * frameBytes
  const chunks = [formatChunk(options)]
  // Formats other than integer PCM must say their frames in a fact chunk (Multimedia Data Standards Update, 1994).
  if (bits === 32) chunks.push(chunk('fact', u32(Math.min(frames, 0xffffffff))))
  const fixed = Buffer.concat(chunks)
  const room = options.roomFor64Bit ? 36 : 0
  const riffBytes = 4 + room + fixed.length + 8 + dataBytes + (dataBytes % 2)
  const is64 = room > 0 && riffBytes > options.largest32Bit
  const size = (bytes: number): Buffer => u32(is64 ? 0xffffffff : bytes)
  const sizes = Buffer.alloc(28)
  if (is64) {
    for (const [i, value] of [riffBytes, dataBytes, frames].entries()) {
      sizes.writeBigUInt64LE(BigInt(value), i * 8)
    }
  }
  return Buffer.concat([
    Buffer.from(is64 ? 'RF64' : 'RIFF'),
    size(riffBytes),
    Buffer.from('WAVE'),
    room > 0 ? chunk(is64 ? 'ds64' : 'JUNK', sizes) : Buffer.alloc(0),
    fixed,
    Buffer.from('data'),
    size(dataBytes),
  ])

  function formatChunk({ channels, bits }: WavHeaderOptions): Buffer {
    const tag = bits === 32 ? FLOAT : PCM
    const isExtensible = channels > 2
    const common = Buffer.alloc(16)
    common.writeUInt16LE(isExtensible ? EXTENSIBLE : tag, 0)
    common.writeUInt16LE(channels, 2)
    common.writeUInt32LE(sampleRate, 4)
    common.writeUInt32LE(Math.min(sampleRate * frameBytes, 0xffffffff), 8)
    common.writeUInt16LE(frameBytes, 12)
    common.writeUInt16LE(bits, 14)
    if (!isExtensible) return chunk('fmt ', bits === 32 ? Buffer.concat([common, u16(0)]) : common)
    // Channel mask 0: no claim about which loudspeaker a channel belongs to.
    const more = [u16(22), u16(bits), u32(0), u16(tag), Buffer.from(GUID_TAIL, 'hex')]
    return chunk('fmt ', Buffer.concat([common, ...more]))
  }
}

function chunk(id: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(id), u32(body.length), body])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
