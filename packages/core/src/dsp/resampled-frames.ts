/** Input frames [start, end). */
export interface FrameRange {
  readonly startFrame: number
  readonly endFrame: number
}

/** Two rates in lowest terms: `up` output frames stand beside `down` input frames. */
export interface RateRatio {
  readonly up: number
  readonly down: number
}

/**
 * The ratio of two rates in lowest terms.
 *
 * @throws {RangeError} when a rate is not a positive integer.
 */
export function rateRatio(inputRate: number, outputRate: number): RateRatio {
  for (const rate of [inputRate, outputRate]) {
    if (!Number.isSafeInteger(rate) || rate < 1) {
      throw new RangeError(`a sample rate must be a positive whole number of Hz, not ${rate}`)
    }
  }
  let divisor = inputRate
  for (let rest = outputRate; rest > 0;) [divisor, rest] = [rest, divisor % rest]
  return { up: outputRate / divisor, down: inputRate / divisor }
}

/** ceil(frames × outputRate / inputRate), exact for every safe integer: the length of the resampled signal. */
export function resampledFrames(frames: number, inputRate: number, outputRate: number): number {
  const { up, down } = rateRatio(inputRate, outputRate)
  const floor = scaleDown(frames, up, down)
  return floor.rest === 0 ? floor.quotient : floor.quotient + 1
}

/** The output frames that belong to a range of input frames: [ceil(start × r), ceil(end × r)), so that neighbours meet. */
export function outputRange(range: FrameRange, inputRate: number, outputRate: number): FrameRange {
  return {
    startFrame: resampledFrames(range.startFrame, inputRate, outputRate),
    endFrame: resampledFrames(range.endFrame, inputRate, outputRate),
  }
}

/** floor(frames × multiplier / divisor) and the remainder, in integers throughout. */
export function scaleDown(
  frames: number,
  multiplier: number,
  divisor: number,
): { quotient: number; rest: number } {
  const product = frames * multiplier
  if (product <= Number.MAX_SAFE_INTEGER) {
    const rest = product % divisor
    return { quotient: (product - rest) / divisor, rest }
  }
  const exact = BigInt(frames) * BigInt(multiplier)
  const rest = exact % BigInt(divisor)
  return { quotient: Number((exact - rest) / BigInt(divisor)), rest: Number(rest) }
}
