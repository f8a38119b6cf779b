import { createRequire } from 'node:module'

import { loadBindingOnce } from '@audiodecode/native-bridge'
import type { AddonBinding, NativeBinding, NativeCancelToken } from '@audiodecode/native-bridge'

/** The signal, and how it is cut into frames. */
export interface NativeFrames {
  /** Channels of the planar samples. */
  readonly channels: number
  /** Number of the first sample at hand. */
  readonly start: number
  /** Samples of the whole signal, or a number beyond all that the frames reach. */
  readonly length: number
  /** First frame to compute. */
  readonly firstFrame: number
  /** Frames to compute. */
  readonly frames: number
  /** Samples of a frame. */
  readonly nFft: number
  /** Samples from a frame to the next. */
  readonly hopLength: number
  /** Samples of the window. */
  readonly winLength: number
  /** What lies beyond the ends. */
  readonly padding: 'none' | 'constant' | 'reflect'
  /** Most threads. */
  readonly threads: number
}

/** A mel filter bank. */
export interface NativeMel {
  readonly sampleRate: number
  readonly nMels: number
  readonly fMin: number
  readonly fMax: number
  readonly power: number
  readonly htk: boolean
  readonly slaneyNorm: boolean
}

/** How powers become decibels. */
export interface NativeDecibels {
  readonly reference: number
  readonly amin: number
  /** Absent: not bounded. */
  readonly topDb?: number
}

/**
 * What the addon exports. Its functions work on planar samples, channel after channel, and fill the matrices of all channels one
 * after the other; the arrays belong to it until the promise settles.
 */
export interface FeaturesBinding extends AddonBinding, Pick<NativeBinding, 'CancelToken'> {
  /** The short-time Fourier transform. */
  stft(
    samples: Float32Array,
    re: Float32Array,
    im: Float32Array,
    frames: NativeFrames,
    token: NativeCancelToken,
  ): Promise<void>
  /** A mel spectrogram; resolves to the number of filters without a bin. */
  mel(
    samples: Float32Array,
    out: Float32Array,
    frames: NativeFrames,
    mel: NativeMel,
    decibels: NativeDecibels | null,
    token: NativeCancelToken,
  ): Promise<number>
  /** MFCC; resolves to the number of filters without a bin. */
  mfcc(
    samples: Float32Array,
    out: Float32Array,
    frames: NativeFrames,
    mel: NativeMel,
    decibels: NativeDecibels,
    coefficients: number,
    lifter: number,
    token: NativeCancelToken,
  ): Promise<number>
  /** Whisper's log-mel spectrogram. */
  whisperLogMel(
    samples: Float32Array,
    out: Float32Array,
    frames: NativeFrames,
    mels: number,
    token: NativeCancelToken,
  ): Promise<void>
  /** Derivatives along the rows, at once. */
  delta(values: Float32Array, columns: number, width: number, order: number): Float32Array
}

/** Platforms with a prebuilt addon: `napi.targets` of package.json, as a test checks. */
export const PLATFORMS: readonly string[] = [
  'linux-x64-gnu',
  'linux-x64-musl',
  'linux-arm64-gnu',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
]

/** The addon, loaded at the first call. ERR_BACKEND_UNAVAILABLE with advice where there is none. */
export const loadBinding: () => FeaturesBinding = loadBindingOnce(
  undefined,
  { packageName: '@audiodecode/features', platforms: PLATFORMS },
  requireBinding,
  'whisperLogMel',
)

/** Through the generated loader, and by package name, so that it is also found from a bundle. */
function requireBinding(): FeaturesBinding {
  // In a bundle of CommonJS format import.meta is empty.
  const here = import.meta.url ?? __filename
  return createRequire(here)('@audiodecode/features/binding') as FeaturesBinding
}
