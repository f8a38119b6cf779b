import { Buffer } from 'node:buffer'

/** What to write. */
export interface WavContent {
  readonly sampleRate?: number
  readonly channels?: number
  readonly frames: number
  /** 16-bit sample of a frame and channel. Default: silence. */
  readonly sample?: (frame: number, channel: number) => number
}

/** A 16-bit PCM WAV file by the RIFF specification: 44 bytes of header, then interleaved little-endian samples. */
export function makeWav({ sampleRate = 44_100, channels = 2, frames, sample }: WavContent): Buffer {
  const dataBytes = frames * channels * 2
  const wav = Buffer.alloc(44 + dataBytes)
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(36 + dataBytes, 4)
  wav.write('WAVEfmt ', 8, 'latin1')
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(channels, 22)
  wav.writeUInt32LE(sampleRate, 24)
  wav.writeUInt32LE(sampleRate * channels * 2, 28)
  wav.writeUInt16LE(channels * 2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(dataBytes, 40)
  if (sample === undefined) return wav
  const samples = new Int16Array(wav.buffer, wav.byteOffset + 44, frames * channels)
  for (let frame = 0; frame < frames; frame++) {
    for (let channel = 0; channel < channels; channel++) {
      samples[frame * channels + channel] = sample(frame, channel)
    }
  }
  return wav
}

/** A sample that tells its frame and channel: runs through all 16-bit values with a step that shares no factor with 65536. */
export function countingSample(frame: number, channel: number): number {
  return (((frame * 7919 + channel * 104_729) & 0xffff) << 16) >> 16
}
