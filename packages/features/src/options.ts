/** How audio is cut into frames; librosa's names and defaults. */
export interface FrameOptions {
  /** Samples of a frame, 1 to 262,144. Default 2048. */
  readonly nFft?: number
  /** Samples from a frame to the next. Default 512; of `stft` a quarter of the window, as librosa has it. */
  readonly hopLength?: number
  /** Samples of the Hann window, in the middle of the frame; at most `nFft`, its default. */
  readonly winLength?: number
  /** Whether the middle of the first frame is the first sample, rather than the frame beginning there. Default true. */
  readonly center?: boolean
  /** What centred frames find beyond the ends: zeros, or the audio backwards. Default 'constant'. */
  readonly padMode?: 'constant' | 'reflect'
  /**
   * Whether the samples are read where they lie, instead of being copied first. They must lie on a SharedArrayBuffer, as `out` of
   * `load` may, and nobody may write to them before the promise settles. Default false; of no meaning to streams.
   */
  readonly inPlace?: boolean
  /** Most threads. Default: the process's budget, see `configure` of @audiodecode/core. */
  readonly threads?: number
  /** Ends the work: the call rejects with `signal.reason`. */
  readonly signal?: AbortSignal
}

/** A mel filter bank, and how audio is cut into frames. */
export interface MelOptions extends FrameOptions {
  /** Number of filters, 1 to 2,048. Default 128. */
  readonly nMels?: number
  /** Lowest frequency, in Hz. Default 0. */
  readonly fMin?: number
  /** Highest frequency, in Hz; at most half the rate, its default. */
  readonly fMax?: number
  /** Exponent of the magnitudes: 1 for magnitudes, 2 for powers, the default. */
  readonly power?: number
  /** Whether the mel scale is that of HTK, rather than Slaney's. Default false. */
  readonly htk?: boolean
  /** How filters are scaled: to equal areas, the default, or with null not at all. */
  readonly norm?: 'slaney' | null
}

/** How powers become decibels, as in librosa's `power_to_db`. */
export interface LogMelOptions extends MelOptions {
  /** Power that is 0 dB. Default 1. */
  readonly ref?: number
  /** Least power that is told apart. Default 1e-10. */
  readonly amin?: number
  /** Decibels kept below the loudest value of a channel, or null for all. Default 80. */
  readonly topDb?: number | null
}

/** How many coefficients of the cepstrum, and of what. */
export interface MfccOptions extends MelOptions {
  /** Number of coefficients, at most `nMels`. Default 20. */
  readonly nMfcc?: number
  /** Length of the lifter, 0 for none, the default. */
  readonly lifter?: number
}
