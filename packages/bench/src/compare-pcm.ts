/** Planar samples as an engine wrote them. */
export interface Pcm {
  readonly samples: Float32Array
  readonly channels: number
}

/** How far two decodes of one file are apart, over the frames both have. */
export interface PcmDifference {
  /** Frames of ours less frames of the peer. */
  readonly extraFrames: number
  readonly maxAbsolute: number
  /** RMS of the difference over RMS of the peer's samples, in dB; -Infinity for equal samples. */
  readonly relativeDb: number
}

/** Compares channel by channel. @throws {RangeError} when the channel counts differ. */
export function comparePcm(ours: Pcm, peer: Pcm): PcmDifference {
  if (ours.channels !== peer.channels) {
    throw new RangeError(`${ours.channels} channels against ${peer.channels}`)
  }
  const frames = ours.samples.length / ours.channels
  const peerFrames = peer.samples.length / peer.channels
  const common = Math.min(frames, peerFrames)
  let [maxAbsolute, error, power] = [0, 0, 0]
  for (let channel = 0; channel < ours.channels; channel++) {
    const a = ours.samples.subarray(channel * frames, channel * frames + common)
    const b = peer.samples.subarray(channel * peerFrames, channel * peerFrames + common)
    for (let frame = 0; frame < common; frame++) {
      const value = b[frame]!
      const difference = Math.abs(a[frame]! - value)
      if (difference > maxAbsolute) maxAbsolute = difference
      error += difference * difference
      power += value * value
    }
  }
  const relativeDb = error === 0 ? Number.NEGATIVE_INFINITY : 10 * Math.log10(error / power)
  // A sample that is no number is within no tolerance.
  if (Number.isNaN(error)) maxAbsolute = Number.NaN
  return { extraFrames: frames - peerFrames, maxAbsolute, relativeDb }
}
