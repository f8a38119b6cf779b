/** What to synthesise. */
export interface SignalShape {
  /** Number of channels; each sounds different. */
  readonly channels: number
  /** Frames per channel. */
  readonly frames: number
  /** Rate in Hz. */
  readonly sampleRate: number
}

/** Base frequencies of the three voices, in Hz, and where they lie when the rate allows no more: a share of it. */
const VOICES: readonly number[] = [220, 555, 1318]
/** Share of full scale of each voice, in 1/256. */
const LEVEL = 48
/** Full scale: samples have 24 bits. */
const FULL = 2 ** 23

/**
 * The known recording that every lossless sample file of the suite holds: three voices that glide upwards and a little noise, each
 * channel at other pitches, no sample beyond 0.6 of full scale. One Int32Array a channel, of signed 24-bit numbers; the upper 16
 * bits (`value >> 8`) make the 16-bit files. Made of integers alone, so that it is the same on every machine, and nowhere periodic,
 * so that one frame too early or too late shows.
 */
export function sampleSignal(shape: SignalShape): readonly Int32Array[] {
  return Array.from({ length: shape.channels }, (_, channel) => oneChannel(shape, channel))
}

function oneChannel({ frames, sampleRate }: SignalShape, channel: number): Int32Array {
  const highest = Math.floor(sampleRate / 5)
  const steps = VOICES.map((hertz) => {
    const pitched = Math.min(Math.floor((hertz * (8 + channel)) / 8), highest)
    return Math.floor((pitched * 2 ** 32) / sampleRate)
  })
  const glides = steps.map((step) => Math.floor(step / (2 * sampleRate)))
  const phases = VOICES.map((_, voice) => (voice * 0x2aaaaaab + channel * 0x13579bdf) >>> 0)
  let noise = 0x9e3779b9 ^ (channel * 0x85ebca6b)
  const samples = new Int32Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    for (let voice = 0; voice < VOICES.length; voice++) {
      sum += parabola(phases[voice] as number)
      const step = (steps[voice] as number) + (glides[voice] as number) * frame
      phases[voice] = ((phases[voice] as number) + step) >>> 0
    }
    // xorshift32 (Marsaglia, 2003).
    noise ^= noise << 13
    noise ^= noise >>> 17
    noise ^= noise << 5
    samples[frame] = Math.floor((sum * LEVEL) / 256) + (noise >> 15)
  }
  return samples
}

/** Two parabolas that look like one period of a sine: exact in integers, where Math.sin is not the same everywhere. */
function parabola(phase: number): number {
  const t = (phase >>> 8) - FULL
  return Math.floor((-t * (FULL - Math.abs(t))) / 2 ** 21)
}

/**
 * The signal as a decoder has to give it: planar floats, of `bits` bits of precision (8, 16 or 24).
 */
export function signalSamples(shape: SignalShape, bits: 8 | 16 | 24): Float32Array {
  const { channels, frames } = shape
  const planar = new Float32Array(channels * frames)
  const scale = 2 ** (bits - 1)
  for (const [channel, samples] of sampleSignal(shape).entries()) {
    for (let frame = 0; frame < frames; frame++) {
      planar[channel * frames + frame] = ((samples[frame] as number) >> (24 - bits)) / scale
    }
  }
  return planar
}
