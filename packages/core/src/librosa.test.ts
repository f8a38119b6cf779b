import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { plainRamp, rampFile, rampSamples } from '../test/ramp-codec.js'
import { mixToMono } from './dsp/mix.js'
import { resampleRange } from './dsp/resample.js'
import { rollOffAsSoxr } from './dsp/soxr-rolloff.js'
import { registerBackend, unregisterBackend } from './index.js'
import { librosaLoad } from './librosa.js'

beforeEach(() => registerBackend(plainRamp()))
afterEach(() => unregisterBackend('ramp'))

const rate = 44_100
const frames = 30_000
const stereo = rampFile({ sampleRate: rate, channels: 2, frames })
const mono = rampFile({ sampleRate: rate, channels: 1, frames })

describe('librosaLoad', () => {
  test('gives 22050 Hz mono unless told otherwise, ceil(frames / 2) samples of it', async () => {
    const { y, sr } = await librosaLoad(rampFile({ sampleRate: rate, channels: 2, frames: 10_001 }))
    expect(sr).toBe(22_050)
    expect(y).toBeInstanceOf(Float32Array)
    expect(y.length).toBe(5_001)
  })

  test('drops the fraction of a frame where load() rounds', async () => {
    // 0.1 s + 0.9 frames, for 0.2 s + 0.9 frames.
    const options = { sr: null, offset: 4_410.9 / rate, duration: 8_820.9 / rate }
    const { y, sr } = await librosaLoad(mono, options)
    expect(sr).toBe(rate)
    expect(y).toEqual(rampSamples(1, 4_410, 4_410 + 8_820))
  })

  test('resamples the cut alone, after mixing', async () => {
    const { y } = await librosaLoad(stereo, { sr: 16_000, offset: 0.1, duration: 0.3 })
    const cut = mixToMono(rampSamples(2, 4_410, 4_410 + 13_230), 2)
    const range = { startFrame: 0, endFrame: cut.length }
    const [expected] = await rollOffAsSoxr(
      [await resampleRange([cut], rate, 16_000, range)],
      rate,
      16_000,
    )
    expect(y).toEqual(expected)
    expect(y.length).toBe(4_800)
  })

  test('keeps channels apart with mono: false, and has one array for one channel', async () => {
    const apart = await librosaLoad(stereo, { sr: null, mono: false, offset: 0.5 })
    const expected = rampSamples(2, 22_050, frames)
    expect(apart.y).toEqual([expected.slice(0, 7_950), expected.slice(7_950)])
    const single = await librosaLoad(mono, { sr: null, mono: false })
    expect(single.y).toEqual(rampSamples(1, 0, frames))
  })

  test('gives what is there when the cut reaches beyond the end', async () => {
    const late = await librosaLoad(mono, { sr: null, offset: 0.5, duration: 60 })
    expect(late.y).toEqual(rampSamples(1, 22_050, frames))
    const beyond = await librosaLoad(mono, { sr: 8_000, offset: 60 })
    expect(beyond.y.length).toBe(0)
    const nothing = await librosaLoad(mono, { sr: null, duration: 0 })
    expect(nothing.y.length).toBe(0)
  })

  // librosa 0.11 and 1.0: librosa.resample(np.zeros(n), orig_sr=a, target_sr=b).shape
  test.each([
    [441, 44_100, 48_000, 481],
    [147, 44_100, 48_000, 161],
    [4_410, 44_100, 48_000, 4_800],
    [10_001, 44_100, 22_050, 5_001],
    [48_000, 48_000, 44_100, 44_100],
  ])(
    'gives %i frames at %i Hz the length at %i Hz that librosa gives: %i',
    async (n, a, b, length) => {
      const file = rampFile({ sampleRate: a, channels: 1, frames: n })
      const whole = await librosaLoad(file, { sr: b })
      expect(whole.y.length).toBe(length)
      // The same frames as a cut.
      const longer = rampFile({ sampleRate: a, channels: 1, frames: n + 7 })
      const cut = await librosaLoad(longer, { sr: b, duration: (n + 0.5) / a })
      expect(cut.y.length).toBe(length)
    },
  )

  test('refuses what is no rate and no time', async () => {
    await expect(librosaLoad(mono, { sr: 0 })).rejects.toThrow(RangeError)
    await expect(librosaLoad(mono, { sr: 0.5, offset: 1 })).rejects.toThrow(RangeError)
    await expect(librosaLoad(mono, { offset: -1 })).rejects.toThrow(RangeError)
    await expect(librosaLoad(mono, { duration: Number.NaN })).rejects.toThrow(RangeError)
    await expect(librosaLoad(mono, { offset: '1' as never })).rejects.toThrow(TypeError)
  })
})
