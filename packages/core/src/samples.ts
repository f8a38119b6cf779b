/** Mono samples with their rate: accepted wherever decoded audio is. */
export interface Samples {
  /** One channel, range [-1, 1]. */
  readonly samples: Float32Array
  /** Frames per second, in Hz. */
  readonly sampleRate: number
}
