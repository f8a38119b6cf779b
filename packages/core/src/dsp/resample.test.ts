import { describe, expect, test } from 'vitest'

import { resampleRange } from './resample.js'
import { outputRange, resampledFrames } from './resampled-frames.js'

const RATES = [
  8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000,
]
const PAIRS = [
  ...RATES.flatMap((from) => RATES.filter((to) => to !== from).map((to) => [from, to] as const)),
  [44_101, 16_000] as const,
  [16_000, 44_101] as const,
]

/** Output frames looked at, in the middle of the signal where its ends are out of the kernel's reach. */
const WINDOW = 192

/** A sine of amplitude 1/2, through the resampler: the window's samples and the place of its first frame. */
async function sineThrough(
  from: number,
  to: number,
  frequency: number,
  phase = 0,
): Promise<Window> {
  const reach = 100 * Math.max(1, from / to)
  const frames = Math.ceil(2 * reach + (WINDOW * from) / to) + 8
  const input = new Float32Array(frames)
  for (let i = 0; i < frames; i++) {
    input[i] = 0.5 * Math.sin((2 * Math.PI * frequency * i) / from + phase)
  }
  const startFrame = Math.ceil(reach)
  const endFrame = startFrame + Math.floor((WINDOW * from) / to)
  const samples = await resampleRange([input], from, to, { startFrame, endFrame })
  return { samples, first: Math.ceil((startFrame * to) / from), rate: to, frequency }
}

interface Window {
  readonly samples: Float32Array
  readonly first: number
  readonly rate: number
  readonly frequency: number
}

/** The least-squares fit of a sine of the known frequency: what it leaves over in dB, and its amplitude and phase. */
function fitSine({ samples, first, rate, frequency }: Window) {
  let [ss, sc, cc, ys, yc] = [0, 0, 0, 0, 0]
  const angle = (n: number): number => (2 * Math.PI * frequency * (first + n)) / rate
  samples.forEach((y, n) => {
    const s = Math.sin(angle(n))
    const c = Math.cos(angle(n))
    ss += s * s
    sc += s * c
    cc += c * c
    ys += y * s
    yc += y * c
  })
  const determinant = ss * cc - sc * sc
  const a = (ys * cc - yc * sc) / determinant
  const b = (yc * ss - ys * sc) / determinant
  let rest = 0
  let energy = 0
  samples.forEach((y, n) => {
    const fit = a * Math.sin(angle(n)) + b * Math.cos(angle(n))
    rest += (y - fit) ** 2
    energy += fit ** 2
  })
  return {
    signalToNoise: 10 * Math.log10(energy / rest),
    /** Of what is left over, against the sine that went in. */
    restLevel: 10 * Math.log10(rest / samples.length / 0.125),
    gain: 20 * Math.log10(Math.hypot(a, b) / 0.5),
    phase: Math.atan2(b, a),
  }
}

describe('resampling', () => {
  test.each(PAIRS)('%i to %i Hz: a sine below 0.913 Nyquist stays that sine', async (from, to) => {
    const nyquist = Math.min(from, to) / 2
    for (const share of [0.0613, 0.377, 0.7131, 0.913]) {
      const { signalToNoise, gain, phase } = fitSine(await sineThrough(from, to, share * nyquist))
      expect(signalToNoise).toBeGreaterThan(120)
      expect(Math.abs(gain)).toBeLessThan(0.01)
      expect(Math.abs(phase)).toBeLessThan(1e-5)
    }
  })

  test.each(PAIRS.filter(([from, to]) => from > to))(
    '%i to %i Hz: nothing from Nyquist on comes back as an alias',
    async (from, to) => {
      // Above the input's own Nyquist a sine is another one already in the input.
      const highest = 0.999 * (from / to)
      for (const share of [1, 1.013, 1.21, 1.77, highest].filter((s) => s <= highest)) {
        // At Nyquist a sine of phase 0 would be sampled where it is zero.
        const { samples } = await sineThrough(from, to, (share * to) / 2, 1)
        const loudest = samples.reduce((peak, y) => Math.max(peak, Math.abs(y)), 0)
        expect(20 * Math.log10(loudest / 0.5)).toBeLessThan(-120)
      }
    },
  )

  test.each(PAIRS.filter(([from, to]) => from < to))(
    '%i to %i Hz: no image appears above the old Nyquist',
    async (from, to) => {
      for (const share of [0.95, 0.985]) {
        const window = await sineThrough(from, to, (share * from) / 2, 1)
        expect(fitSine(window).restLevel).toBeLessThan(-120)
      }
    },
  )

  test('a constant stays constant, whatever the phase', async () => {
    const input = new Float32Array(3_000).fill(1)
    const middle = { startFrame: 1_000, endFrame: 2_000 }
    for (const [from, to] of [
      [44_100, 48_000],
      [48_000, 44_100],
      [16_000, 44_101],
    ] as const) {
      const samples = await resampleRange([input], from, to, middle)
      for (const sample of samples) expect(Math.abs(sample - 1)).toBeLessThan(1e-6)
    }
  })

  test('any range is the slice of the whole, bit for bit', async () => {
    const left = noise(5_000, 1)
    const right = noise(5_000, 2)
    for (const [from, to] of [
      [44_100, 16_000],
      [8_000, 11_025],
      [192_000, 8_000],
      [44_101, 16_000],
    ] as const) {
      const whole = await resampleRange([left, right], from, to, { startFrame: 0, endFrame: 5_000 })
      const frames = whole.length / 2
      expect(frames).toBe(Math.ceil((5_000 * to) / from))
      for (const [startFrame, endFrame] of [
        [0, 1],
        [1, 700],
        [700, 4_999],
        [4_999, 5_000],
        [3, 3],
      ] as const) {
        const part = await resampleRange([left, right], from, to, { startFrame, endFrame })
        const range = outputRange({ startFrame, endFrame }, from, to)
        const expected = [0, frames].flatMap((at) => [
          ...whole.subarray(at + range.startFrame, at + range.endFrame),
        ])
        expect([...part]).toEqual(expected)
      }
    }
  })

  test('equal rates give an exact copy', async () => {
    const input = noise(100, 3)
    const part = await resampleRange([input], 44_100, 44_100, { startFrame: 10, endFrame: 90 })
    expect(part).toEqual(input.slice(10, 90))
    expect(part.buffer).not.toBe(input.buffer)
  })

  test('rates that only a false header can hold neither reserve much memory nor take long', async () => {
    const samples = await resampleRange([noise(50_000, 4)], 4_294_967_295, 8, {
      startFrame: 0,
      endFrame: 50_000,
    })
    expect(samples.length).toBe(1)
    expect(Number.isFinite(samples[0])).toBe(true)
  })

  test('the event loop keeps running and the signal is obeyed', async () => {
    const input = noise(2_000_000, 5)
    const controller = new AbortController()
    let turns = 0
    const counting = setInterval(() => {
      if (++turns === 20) controller.abort(new Error('enough'))
    }, 1)
    const range = { startFrame: 0, endFrame: input.length }
    await expect(resampleRange([input], 44_100, 16_000, range, controller.signal)).rejects.toThrow(
      'enough',
    )
    clearInterval(counting)
    expect(turns).toBeGreaterThanOrEqual(20)
  })

  test('rates that are no whole numbers and ranges that are none are refused', async () => {
    const range = { startFrame: 0, endFrame: 1 }
    for (const rate of [0, -1, 44_100.5, Number.NaN]) {
      await expect(resampleRange([noise(1, 6)], rate, 8_000, range)).rejects.toThrow(RangeError)
      await expect(resampleRange([noise(1, 6)], 8_000, rate, range)).rejects.toThrow(RangeError)
    }
    for (const [startFrame, endFrame] of [
      [-1, 1],
      [2, 1],
      [0.5, 1],
      [0, Number.NaN],
    ] as const) {
      await expect(
        resampleRange([noise(1, 6)], 8_000, 16_000, { startFrame, endFrame }),
      ).rejects.toThrow(RangeError)
    }
  })
})

describe('the length of a resampled signal', () => {
  test('is the exact quotient rounded up', () => {
    for (const [from, to] of PAIRS) {
      for (const frames of [0, 1, 2, 147, 160, 441, 44_100, 26_460_001]) {
        const exact = (BigInt(frames) * BigInt(to) + BigInt(from - 1)) / BigInt(from)
        expect(resampledFrames(frames, from, to)).toBe(Number(exact))
      }
    }
  })

  test('stays exact where doubles no longer are', () => {
    const frames = 2 ** 52 + 1
    const exact = (BigInt(frames) * 160n + 146n) / 147n
    expect(resampledFrames(frames, 44_100, 48_000)).toBe(Number(exact))
  })
})

/** Uniform noise from Lehmer's generator. */
function noise(length: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 1_073_741_823.5 - 1
  })
}
