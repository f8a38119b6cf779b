import { expect, test } from 'vitest'

import { whisperLogMel } from '../src/index.js'
import { compare, references, signal } from './reference.js'

interface WhisperCase {
  readonly nMels: 80 | 128
  readonly first: number
  readonly frames: number
  readonly gain: number
}

const { cases, values } = references<WhisperCase>('whisper')
const [speech] = signal('speech')

/** The stretch of the speech that a reference is of. */
function stretch({ first, frames, gain }: WhisperCase): Float32Array {
  return speech!.samples.slice(first, first + frames).map((sample) => sample * gain)
}

test.each(cases)(
  '$frames samples at a gain of $gain and $nMels mels are what faster-whisper gives',
  async (given) => {
    const audio = { samples: stretch(given), sampleRate: 16_000 }
    const { data, shape } = await whisperLogMel(audio, { nMels: given.nMels })
    expect(shape).toEqual(given.shape)
    let worst = 0
    const count = compare(data, given, values, (ours, theirs) => {
      worst = Math.max(worst, Math.abs(ours - theirs))
    })
    expect(count).toBeGreaterThan(0)
    expect(worst).toBeLessThan(1e-5)
  },
)

test('every channel is a matrix of its own, with a loudest value of its own', async () => {
  const { samples, sampleRate } = speech!
  const quiet = samples.map((sample) => sample / 1000)
  const [loud, soft] = await Promise.all(
    [samples, quiet].map(async (channel) => whisperLogMel({ samples: channel, sampleRate })),
  )
  const data = new Float32Array([...samples, ...quiet])
  const stereo = { data, channels: 2, sampleRate }
  const { channelData, channels, shape } = await whisperLogMel(stereo as never)
  expect(channels).toBe(2)
  expect(shape).toEqual(loud!.shape)
  expect(channelData).toEqual([loud!.data, soft!.data])
})

test('another rate is refused with what to do', async () => {
  const audio = { samples: new Float32Array(100), sampleRate: 44_100 }
  await expect(whisperLogMel(audio)).rejects.toThrow(RangeError)
  await expect(whisperLogMel(audio)).rejects.toThrow(
    'load(file, { sampleRate: 16000, mono: true })',
  )
})

test('another number of mels is refused', async () => {
  const audio = { samples: new Float32Array(100), sampleRate: 16_000 }
  await expect(whisperLogMel(audio, { nMels: 64 as never })).rejects.toThrow(
    'nMels must be 80 or 128, not 64',
  )
})
