import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { resampleRange } from './resample.js'
import { rollOffAsSoxr } from './soxr-rolloff.js'

interface Golden {
  readonly inputRate: number
  readonly outputRate: number
  readonly inputFrames: number
  /** Frequencies of the sines, of the lower Nyquist frequency. */
  readonly shares: readonly number[]
  readonly firstFrame: number
  readonly samples: readonly number[]
}

/** Made by test/make-soxr-golden.py. */
function golden(name: string): readonly Golden[] {
  const file = new URL(`../../test/golden/${name}`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as readonly Golden[]
}

/** The signal of the script: sines under a Hann window. */
function signal({ inputRate, outputRate, inputFrames, shares }: Golden): Float32Array {
  const nyquist = Math.min(inputRate, outputRate) / 2
  return Float32Array.from({ length: inputFrames }, (_, t) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * t) / inputFrames)
    let sum = 0
    for (const share of shares) {
      sum += 0.15 * Math.sin((2 * Math.PI * share * nyquist * t) / inputRate)
    }
    return window * sum
  })
}

function resampled(given: Golden): Promise<Float32Array> {
  const range = { startFrame: 0, endFrame: given.inputFrames }
  return resampleRange([signal(given)], given.inputRate, given.outputRate, range)
}

/** The largest difference from soxr's samples, in dB below 1. */
function differenceDb(given: Golden, output: Float32Array): number {
  const furthest = given.samples.reduce(
    (worst, sample, i) => Math.max(worst, Math.abs(sample - output[given.firstFrame + i]!)),
    0,
  )
  return 20 * Math.log10(furthest)
}

test.each(golden('soxr.json'))(
  '$inputRate to $outputRate Hz agrees with soxr HQ',
  async (given) => {
    // soxr HQ promises 20 bits, that is −120 dB, and keeps more.
    expect(differenceDb(given, await resampled(given))).toBeLessThan(-130)
  },
)

test.each(golden('soxr-rolloff.json'))(
  '$inputRate to $outputRate Hz agrees with soxr HQ up to 0.88 of the Nyquist frequency when it rolls off as that does',
  async (given) => {
    const plain = await resampled(given)
    const [output] = await rollOffAsSoxr([plain], given.inputRate, given.outputRate)
    expect(differenceDb(given, output!)).toBeLessThan(-108)
    const isFlat = given.inputRate === 2 * given.outputRate
    if (!isFlat) expect(differenceDb(given, plain)).toBeGreaterThan(-80)
  },
)

test('the roll-off is even, and the same at the ends, in short audio and where a stretch ends', async () => {
  const around = async (length: number, place: number): Promise<number[]> => {
    const impulse = new Float32Array(length)
    impulse[place] = 1
    const [output] = await rollOffAsSoxr([impulse], 44_100, 16_000)
    return Array.from({ length: 41 }, (_, index) => output![place + index - 20] ?? 0)
  }
  const whole = await around(1000, 500)
  expect(whole).toEqual(whole.toReversed())
  // Nothing is changed at 0 Hz.
  expect(whole.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6)
  for (const place of [8180, 8191, 8192, 8200]) expect(await around(20_000, place)).toEqual(whole)
  expect((await around(100, 3)).slice(17)).toEqual(whole.slice(17))
  expect((await around(100, 98)).slice(0, 22)).toEqual(whole.slice(0, 22))
  expect((await around(5, 2)).slice(18, 23)).toEqual(whole.slice(18, 23))
  expect(await rollOffAsSoxr([new Float32Array(0)], 44_100, 16_000)).toEqual([new Float32Array(0)])
})
