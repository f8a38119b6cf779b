/** What a synthetic recording is made of. */
export interface Recording {
  readonly seconds: number
  readonly sampleRate: number
  readonly channels: number
  /** Another seed is another piece of music. */
  readonly seed: number
}

const DRUMS_PER_SECOND = 4

/**
 * Chords with overtones, a change of key each second, drums of decaying noise and a noise floor that differs in the channels:
 * interleaved 16-bit samples, as dense as music is for an encoder, the same on every machine.
 */
export function synthesize({ seconds, sampleRate, channels, seed }: Recording): Int16Array {
  const frames = Math.round(seconds * sampleRate)
  const samples = new Int16Array(frames * channels)
  let state = seed + 1
  const noise = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
  for (let frame = 0; frame < frames; frame++) {
    const t = frame / sampleRate
    const root = 110 * 2 ** (((Math.floor(t) * (1 + (seed % 11)) + seed) % 12) / 12)
    const sinceDrum = ((t + seed / 7) * DRUMS_PER_SECOND) % 1
    const drum = 0.2 * Math.exp(-6 * sinceDrum) * noise()
    for (let channel = 0; channel < channels; channel++) {
      let value = drum + 0.02 * noise()
      for (const ratio of [1, 1.26, 1.5, 4, 6.3]) {
        value += 0.1 * Math.sin(2 * Math.PI * root * ratio * (1 + 0.01 * channel) * t)
      }
      samples[frame * channels + channel] = Math.round(value * 32_767)
    }
  }
  return samples
}
