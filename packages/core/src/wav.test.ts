import { describe, expect, test } from 'vitest'

import { createAudioData } from './audio-data.js'
import { toWav } from './wav.js'

/** Bytes from hexadecimal digits and quoted text, spaces between them as one likes. */
function bytes(description: string): number[] {
  return [...description.matchAll(/"([^"]*)"|([\da-f]{2})/g)].flatMap(([, text, hex]) =>
    text === undefined ? [Number.parseInt(hex!, 16)] : [...Buffer.from(text)],
  )
}

const sampleRate = 48_000

describe('a WAV file', () => {
  test('of 16 bits has the 44 bytes of the classic header and rounded, clipped samples', () => {
    const samples = Float32Array.of(0, 0.5, -1, 1, 2, -2, 1.4 / 32_768, 1.6 / 32_768, Number.NaN)
    expect([...toWav({ samples, sampleRate })]).toEqual(
      bytes(`
        "RIFF" 36 00 00 00 "WAVEfmt " 10 00 00 00
        01 00 01 00 80 bb 00 00 00 77 01 00 02 00 10 00 "data" 12 00 00 00
        0000 0040 0080 ff7f ff7f 0080 0100 0200 0000
      `),
    )
  })

  test('of 24 bits is WAVE_FORMAT_EXTENSIBLE, padded to an even length', () => {
    const samples = Float32Array.of(-0.5, 1 / 8_388_608, 3)
    expect([...toWav({ samples, sampleRate }, { bitDepth: 24 })]).toEqual(
      bytes(`
        "RIFF" 52 00 00 00 "WAVEfmt " 28 00 00 00
        fe ff 01 00 80 bb 00 00 80 32 02 00 03 00 18 00
        16 00 18 00 00 00 00 00 01 00 00 00 00 00 10 00 80 00 00 aa 00 38 9b 71
        "fact" 04 00 00 00 03 00 00 00 "data" 09 00 00 00
        00 00 c0 01 00 00 ff ff 7f 00
      `),
    )
  })

  test('of 32 bits holds the very floats, interleaved', () => {
    const audio = createAudioData({
      data: Float32Array.of(1, -2, 0.5, 0.25),
      channels: 2,
      sampleRate,
      startSeconds: 0,
      backend: 'test',
      report: {
        expectedFrames: 2,
        decodedFrames: 2,
        damaged: [],
        truncated: false,
        gapless: { source: 'none', startFrames: 0, endFrames: 0 },
        declined: [],
      },
    })
    expect([...toWav(audio, { bitDepth: 32 })]).toEqual(
      bytes(`
        "RIFF" 42 00 00 00 "WAVEfmt " 12 00 00 00
        03 00 02 00 80 bb 00 00 00 dc 05 00 08 00 20 00 00 00
        "fact" 04 00 00 00 02 00 00 00 "data" 10 00 00 00
        00 00 80 3f 00 00 00 3f 00 00 00 c0 00 00 80 3e
      `),
    )
  })

  test('without a sample is a header alone', () => {
    expect(toWav({ samples: new Float32Array(0), sampleRate }).length).toBe(44)
  })
})

describe('toWav() refuses', () => {
  const samples = new Float32Array(4)

  test('another bit depth and a rate that is no whole number, as RangeError', () => {
    // @ts-expect-error: not a bit depth
    expect(() => toWav({ samples, sampleRate }, { bitDepth: 8 })).toThrow(RangeError)
    for (const rate of [0, -1, 0.5, Number.NaN]) {
      expect(() => toWav({ samples, sampleRate: rate })).toThrow(RangeError)
    }
  })

  test('more than 4 GiB, as RangeError and before it takes the memory', () => {
    const plane = new Float32Array(1 << 20)
    const huge = { channelData: Array.from({ length: 2_048 }, () => plane), sampleRate: 8_000 }
    expect(() => toWav(huge as never, { bitDepth: 16 })).toThrow(RangeError)
  })

  test('what is no audio, as TypeError', () => {
    for (const value of [{}, { samples: [1, 2], sampleRate }, { channelData: [[1]], sampleRate }]) {
      expect(() => toWav(value as never)).toThrow(TypeError)
    }
  })
})
