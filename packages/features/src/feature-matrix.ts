/** A matrix of numbers for each channel: a row for every mel or coefficient, a column for every frame. */
export interface FeatureMatrix {
  /** Matrix after matrix, each row-major: channels × rows × frames numbers. Of mono audio it is the one matrix. */
  readonly data: Float32Array
  /** The matrix of each channel, a view on `data`. */
  readonly channelData: readonly Float32Array[]
  /** Number of channels. */
  readonly channels: number
  /** Rows and frames of each matrix. */
  readonly shape: readonly [rows: number, frames: number]
  /** Rate of the samples it was computed of, in Hz. */
  readonly sampleRate: number
  /** Samples from a frame to the next. */
  readonly hopLength: number
}

/** Completes a matrix with the views of its channels. */
export function toFeatureMatrix(matrix: Omit<FeatureMatrix, 'channelData'>): FeatureMatrix {
  const { data, channels, shape, sampleRate, hopLength } = matrix
  const channelData = matrixViews(data, channels, shape)
  return { data, channelData, channels, shape, sampleRate, hopLength }
}

/** Views on each of several matrices. */
export function matrixViews(
  data: Float32Array,
  channels: number,
  [rows, columns]: readonly [number, number],
): readonly Float32Array[] {
  const size = rows * columns
  return Array.from({ length: channels }, (_, channel) =>
    data.subarray(channel * size, (channel + 1) * size),
  )
}
