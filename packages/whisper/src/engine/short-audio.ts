/** Positions of padding that are encoded together with short audio: what is near its end sees it as it is. */
const MARGIN = 100
/** Positions of padding behind that whose keys and values the encoder is lent. */
export const LENT_TO_ENCODER = 400
/** Positions of padding behind that which the decoder is lent. With 300 and fewer it does not see that the audio ends, and repeats itself. */
export const LENT_TO_DECODER = 800
/** Lengths are rounded up to this many positions, so that few different ones occur. */
const STEP = 50
/** Positions of audio above which shortening gains little: 15 s. */
const LONGEST = 750
/** What the keys and values of the padding may take, in bytes: 67 MB with base, all of it with medium, too little for large. */
const MOST_BYTES = 512 * 2 ** 20

/** What decides about the memory of a model. */
export interface PaddingShape {
  readonly width: number
  readonly encoderLayers: number
  /** Numbers that the decoder looks at for each position. */
  readonly crossWidth: number
  /** Positions of a window. */
  readonly windowPositions: number
}

/** Frames that audio of `frames` frames is encoded in, margin included. */
export function shortFrames(frames: number): number {
  const positions = Math.ceil(frames / 2) + MARGIN
  return 2 * STEP * Math.ceil(positions / STEP)
}

/** Most frames, margin included, that are encoded alone; 0 when the padding of the model takes too much memory. */
export function longestShort(shape: PaddingShape): number {
  const { width, encoderLayers, crossWidth, windowPositions } = shape
  // Of float32: what the decoder looks at, whole, and keys and values of each layer of the encoder.
  const numbers = MOST_BYTES / 4 - crossWidth * windowPositions
  const positions = numbers / (2 * width * encoderLayers)
  const longest = Math.min(LONGEST + MARGIN, positions - LENT_TO_ENCODER)
  return longest < MARGIN + STEP ? 0 : 2 * STEP * Math.floor(longest / STEP)
}
