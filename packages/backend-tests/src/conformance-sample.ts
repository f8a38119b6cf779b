/** A file and what a backend has to make of it. */
export interface ConformanceSample {
  /** Name of the file, as test titles and tables show it. */
  readonly name: string
  /** Format it counts as, e.g. 'mp3'. */
  readonly format: string
  /** Extension with which it is written to disk, without the dot. */
  readonly extension: string
  /** What `info` must call the container; absent: not checked. */
  readonly container?: string
  /** What `info` must call the codec; absent: not checked. */
  readonly codec?: string
  /** Rate in Hz. */
  readonly sampleRate: number
  /** Number of channels. */
  readonly channels: number
  /** Frames after gapless trim. */
  readonly frames: number
  /** The encoded file; a new copy at each call. */
  readonly bytes: () => Uint8Array
  /** The expected samples: planar, channels × frames. */
  readonly reference: () => Float32Array
  /** Largest difference from the reference that is right: 0 for lossless files. */
  readonly bound: number
  /** Whether a wrong byte of audio can be told from a right one. */
  readonly checksummed?: boolean
  /** Whether nothing in the file says how long it is, so that a cut cannot be told from an end. */
  readonly unmeasured?: boolean
  /** The same audio many times over, in one file. Needed for tests of an abort in the middle of a decode. */
  readonly repeat?: (times: number) => Uint8Array
}
