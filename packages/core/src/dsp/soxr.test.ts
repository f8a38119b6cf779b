import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { resampleRange } from './resample.js'

interface Golden {
  readonly inputRate: number
  readonly outputRate: number
  readonly inputFrames: number
  readonly firstFrame: number
  readonly samples: readonly number[]
}

// Made by test/make-soxr-golden.py.
const golden = new URL('../../test/golden/soxr.json', import.meta.url)
const cases = JSON.parse(readFileSync(golden, 'utf8')) as readonly Golden[]

/** The signal of the script: sines below 0.42 of the lower Nyquist under a Hann window. */
function signal({ inputRate, outputRate, inputFrames }: Golden): Float32Array {
  const nyquist = Math.min(inputRate, outputRate) / 2
  return Float32Array.from({ length: inputFrames }, (_, t) => {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * t) / inputFrames)
    let sum = 0
    for (const share of [0.031, 0.1, 0.17, 0.29, 0.413]) {
      sum += 0.15 * Math.sin((2 * Math.PI * share * nyquist * t) / inputRate)
    }
    return window * sum
  })
}

test.each(cases)('$inputRate to $outputRate Hz agrees with soxr HQ', async (given) => {
  const range = { startFrame: 0, endFrame: given.inputFrames }
  const output = await resampleRange([signal(given)], given.inputRate, given.outputRate, range)
  const furthest = given.samples.reduce(
    (worst, sample, i) => Math.max(worst, Math.abs(sample - output[given.firstFrame + i]!)),
    0,
  )
  // soxr HQ promises 20 bits, that is −120 dB, and keeps more.
  expect(20 * Math.log10(furthest)).toBeLessThan(-130)
})
