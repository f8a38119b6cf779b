import { isShared } from './audio-samples.js'
import { whole } from './check-numbers.js'
import { toFeatureMatrix } from './feature-matrix.js'
import type { FeatureMatrix } from './feature-matrix.js'
import { loadBinding } from './load-binding.js'

/** Of what neighbourhood to take derivatives, and which. */
export interface DeltaOptions {
  /** Frames of the neighbourhood: odd, at least 3, and no more than there are. Default 9. */
  readonly width?: number
  /** 1 for the first derivative, the default, 2 for the second, … up to 8; below `width`. */
  readonly order?: number
}

const MAX_ORDER = 8

/**
 * Derivatives over time, as `librosa.feature.delta` gives them: of the polynomial of degree `order` that fits the frames around
 * each (Savitzky and Golay). Computed at once, on the calling thread: 10 ms for 5 million numbers.
 *
 * A matrix without `channels` is that of one channel.
 *
 * @throws TypeError or RangeError for wrong options and for matrices of fewer frames than `width`.
 */
export function delta(
  features: Omit<FeatureMatrix, 'channels' | 'channelData'> & { readonly channels?: number },
  options: DeltaOptions = {},
): FeatureMatrix {
  const { data, channels, shape, sampleRate, hopLength } = checkMatrix(features)
  const frames = shape[1]
  const width = whole(options.width, 'width', 9, 3, 0x7fff_ffff)
  if (width % 2 === 0) throw new RangeError(`width must be odd, not ${width}`)
  if (width > frames) {
    throw new RangeError(
      `width is ${width}, but there are only ${frames} frames; give an odd width up to that`,
    )
  }
  const order = whole(options.order, 'order', 1, 1, Math.min(MAX_ORDER, width - 1))
  // Native code reads memory that nobody else writes: a copy of what is shared.
  const derivatives = loadBinding().delta(
    isShared(data) ? data.slice() : data,
    frames,
    width,
    order,
  )
  return toFeatureMatrix({ data: derivatives, channels, shape, sampleRate, hopLength })
}

function checkMatrix(features: Parameters<typeof delta>[0]): Omit<FeatureMatrix, 'channelData'> {
  const isMatrix =
    typeof features === 'object' &&
    features !== null &&
    Object.prototype.toString.call(features.data) === '[object Float32Array]' &&
    Array.isArray(features.shape)
  if (!isMatrix) throw new TypeError('features must be what mfcc() or melSpectrogram() gives')
  const { data, channels = 1, shape } = features
  if (data.length !== channels * shape[0] * shape[1]) {
    throw new RangeError(
      `${data.length} numbers are not ${channels} matrices of ${shape[0]} × ${shape[1]}; was the array transferred?`,
    )
  }
  return { ...features, channels }
}
