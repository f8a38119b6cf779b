import type { AudioData } from './audio-data.js'
import type { Samples } from './samples.js'

/** How `toWav()` stores samples. */
export interface WavOptions {
  /** Bits per sample: 16 or 24 for whole numbers, 32 for float. Default 16. */
  bitDepth?: 16 | 24 | 32
}

const MAX_UINT32 = 0xffff_ffff
/** Tail of the sub-format GUIDs of WAVE_FORMAT_EXTENSIBLE, behind the two bytes of the format tag. */
const GUID_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]

/**
 * The audio as a WAV file. At 16 and 24 bits samples are scaled by 2^15 or 2^23, rounded and clipped (NaN becomes 0); at 32 bits
 * they are stored as they are. More than two channels, or 24 bits, give WAVE_FORMAT_EXTENSIBLE without speaker positions.
 * Works synchronously, about a nanosecond per sample.
 *
 * @throws {TypeError} when `audio` is neither AudioData nor Samples.
 * @throws {RangeError} when the bit depth is another, the rate is no whole number, or the file would pass 4 GiB, WAV's limit.
 */
export function toWav(audio: AudioData | Samples, options: WavOptions = {}): Uint8Array {
  const { planes, sampleRate } = planesAndRate(audio)
  const bitDepth: number = options.bitDepth ?? 16
  if (bitDepth !== 16 && bitDepth !== 24 && bitDepth !== 32) {
    throw new RangeError(`bitDepth must be 16, 24 or 32, not ${bitDepth}`)
  }
  const frames = planes[0]?.length ?? 0
  const blockBytes = (planes.length * bitDepth) / 8
  const dataBytes = frames * blockBytes
  const header = wavHeader({ sampleRate, channels: planes.length, bitDepth, frames })
  const size = header.length + dataBytes + (dataBytes & 1)
  if (size - 8 > MAX_UINT32) {
    throw new RangeError(`a WAV file holds at most 4 GiB; this audio would need ${size} bytes`)
  }
  const wav = new Uint8Array(size)
  wav.set(header)
  const view = new DataView(wav.buffer)
  view.setUint32(4, size - 8, true)
  view.setUint32(header.length - 4, dataBytes, true)
  for (const [channel, plane] of planes.entries()) {
    writePlane(view, header.length + (channel * bitDepth) / 8, blockBytes, plane, bitDepth)
  }
  return wav
}

function planesAndRate(audio: AudioData | Samples): {
  planes: readonly Float32Array[]
  sampleRate: number
} {
  const { sampleRate } = audio
  const planes = 'samples' in audio ? [audio.samples] : audio.channelData
  if (!Array.isArray(planes) || !planes.every((plane) => plane instanceof Float32Array)) {
    throw new TypeError('toWav() takes AudioData or { samples: Float32Array, sampleRate }')
  }
  if (!Number.isInteger(sampleRate) || sampleRate < 1) {
    throw new RangeError(`the sample rate must be a whole number of Hz above 0, not ${sampleRate}`)
  }
  if (planes.length < 1 || planes.length > 0xffff) {
    throw new RangeError(`a WAV file holds 1 to 65535 channels, not ${planes.length}`)
  }
  if (planes.some((plane) => plane.length !== planes[0]!.length)) {
    throw new RangeError('the channels differ in length')
  }
  return { planes, sampleRate }
}

interface Layout {
  readonly sampleRate: number
  readonly channels: number
  readonly bitDepth: number
  readonly frames: number
}

/** Everything before the samples, with zeros for the two sizes. */
function wavHeader({ sampleRate, channels, bitDepth, frames }: Layout): number[] {
  const isFloat = bitDepth === 32
  const isExtensible = channels > 2 || bitDepth === 24
  const tag = isFloat ? 3 : 1
  const blockBytes = (channels * bitDepth) / 8
  if (sampleRate * blockBytes > MAX_UINT32 || blockBytes > 0xffff) {
    throw new RangeError(`a WAV header cannot hold ${channels} channels at ${sampleRate} Hz`)
  }
  const format = [
    ...u16(isExtensible ? 0xfffe : tag),
    ...u16(channels),
    ...u32(sampleRate),
    ...u32(sampleRate * blockBytes),
    ...u16(blockBytes),
    ...u16(bitDepth),
  ]
  if (isExtensible) format.push(...u16(22), ...u16(bitDepth), ...u32(0), ...u16(tag), ...GUID_TAIL)
  else if (isFloat) format.push(...u16(0))
  // Every format but plain PCM must say its length in frames.
  const fact =
    isFloat || isExtensible
      ? [...text('fact'), ...u32(4), ...u32(Math.min(frames, MAX_UINT32))]
      : []
  return [
    ...text('RIFF'),
    ...u32(0),
    ...text('WAVEfmt '),
    ...u32(format.length),
    ...format,
    ...fact,
    ...text('data'),
    ...u32(0),
  ]
}

function writePlane(
  view: DataView,
  at: number,
  step: number,
  plane: Float32Array,
  bits: number,
): void {
  if (bits === 32) {
    for (const sample of plane) {
      view.setFloat32(at, sample, true)
      at += step
    }
    return
  }
  const scale = 2 ** (bits - 1)
  for (const sample of plane) {
    const value = Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale)))
    view.setInt16(at + (bits - 16) / 8, bits === 16 ? value : value >> 8, true)
    if (bits === 24) view.setUint8(at, value)
    at += step
  }
}

function text(characters: string): number[] {
  return [...characters].map((character) => character.charCodeAt(0))
}

function u16(value: number): number[] {
  return [value & 0xff, value >> 8]
}

function u32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]
}
