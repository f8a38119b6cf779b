import { ensure } from './failure.js'

/** Frames [from, to) of planar samples, planar again. */
export function sliceFrames(
  planar: Float32Array,
  channels: number,
  from: number,
  to: number,
): Float32Array {
  const frames = planar.length / channels
  const slice = new Float32Array(channels * (to - from))
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * frames
    slice.set(planar.subarray(start + from, start + to), channel * (to - from))
  }
  return slice
}

/** Throws unless both have the same length and no sample differs by more than `bound`. NaN differs from everything but NaN. */
export function ensureClose(
  found: Float32Array,
  expected: Float32Array,
  bound: number,
  what: string,
): void {
  ensure(
    found.length === expected.length,
    `${what}: ${found.length} samples instead of ${expected.length}`,
  )
  const { largest, index } = largestDifference(found, expected)
  ensure(
    largest <= bound,
    `${what}: sample ${index} of ${found.length} is ${found[index]}, not ${expected[index]}; ` +
      `the largest difference is ${largest}, allowed ${bound === 0 ? 'none' : bound}`,
  )
}

/** The largest absolute difference of two arrays of one length, and the first place that has it. */
export function largestDifference(
  a: Float32Array,
  b: Float32Array,
): { readonly largest: number; readonly index: number } {
  let largest = 0
  let index = 0
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue
    const difference = Math.abs((a[i] as number) - (b[i] as number))
    // Written so that NaN counts as infinitely wrong.
    if (difference <= largest) continue
    largest = Number.isNaN(difference) ? Infinity : difference
    index = i
  }
  return { largest, index }
}

/** The mean of the channels, as `mono` gives it. */
export function meanOfChannels(planar: Float32Array, channels: number): Float32Array {
  const frames = planar.length / channels
  return Float32Array.from({ length: frames }, (_, i) => {
    let sum = 0
    for (let channel = 0; channel < channels; channel++)
      sum += planar[channel * frames + i] as number
    return sum / channels
  })
}
