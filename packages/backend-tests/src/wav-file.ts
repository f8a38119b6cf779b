import { sampleSignal } from './sample-signal.js'
import type { SignalShape } from './sample-signal.js'

/** Speakers of WAVE_FORMAT_EXTENSIBLE by number of channels: mono, stereo, 3.0, quad, 5.0, 5.1, 6.1, 7.1; none beyond. */
const SPEAKERS: readonly number[] = [0, 0x4, 0x3, 0x7, 0x33, 0x37, 0x3f, 0x70f, 0x63f]

/** The sample signal as a WAV file of 16 or 24 bits; more than two channels are written as WAVE_FORMAT_EXTENSIBLE. */
export function wavFile(shape: SignalShape, bits: 16 | 24): Uint8Array {
  const { channels, frames, sampleRate } = shape
  const width = bits / 8
  const extensible = channels > 2 || bits > 16
  const formatBytes = extensible ? 40 : 16
  const dataBytes = channels * frames * width
  const padded = dataBytes + (dataBytes % 2)
  const view = new DataView(new ArrayBuffer(28 + formatBytes + padded))
  const text = (at: number, letters: string): void => {
    for (let i = 0; i < 4; i++) view.setUint8(at + i, letters.charCodeAt(i))
  }
  text(0, 'RIFF')
  view.setUint32(4, view.byteLength - 8, true)
  text(8, 'WAVE')
  text(12, 'fmt ')
  view.setUint32(16, formatBytes, true)
  view.setUint16(20, extensible ? 0xfffe : 1, true)
  view.setUint16(22, channels, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * channels * width, true)
  view.setUint16(32, channels * width, true)
  view.setUint16(34, bits, true)
  if (extensible) {
    view.setUint16(36, 22, true)
    view.setUint16(38, bits, true)
    view.setUint32(40, SPEAKERS[channels] ?? 0, true)
    // KSDATAFORMAT_SUBTYPE_PCM
    const subtype = [1, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]
    subtype.forEach((byte, i) => view.setUint8(44 + i, byte))
  }
  const at = 20 + formatBytes
  text(at, 'data')
  view.setUint32(at + 4, dataBytes, true)
  for (const [channel, samples] of sampleSignal(shape).entries()) {
    for (let frame = 0; frame < frames; frame++) {
      const value = (samples[frame] as number) >> (24 - bits)
      const place = at + 8 + (frame * channels + channel) * width
      if (width === 2) view.setInt16(place, value, true)
      else {
        view.setUint16(place, value & 0xffff, true)
        view.setInt8(place + 2, value >> 16)
      }
    }
  }
  return new Uint8Array(view.buffer)
}
