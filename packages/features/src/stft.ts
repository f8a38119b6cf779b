import type { AudioData, Samples } from '@audiodecode/core'
import { allocateSamples } from '@audiodecode/native-bridge'

import { checkWhole, compute } from './compute.js'
import { matrixViews } from './feature-matrix.js'
import { checkFrames } from './frames.js'
import type { FrameOptions } from './options.js'

/** A complex matrix for each channel: a row for every frequency from 0 to half the rate, a column for every frame. */
export interface Spectrogram {
  /** Real parts: matrix after matrix, each row-major. */
  readonly re: Float32Array
  /** Imaginary parts, in the same order. */
  readonly im: Float32Array
  /** The matrix of each channel, as views on `re` and `im`. */
  readonly channelData: readonly { readonly re: Float32Array; readonly im: Float32Array }[]
  /** Number of channels. */
  readonly channels: number
  /** Rows and frames of each matrix; row k is the frequency k × sampleRate ÷ nFft. */
  readonly shape: readonly [bins: number, frames: number]
  /** Rate of the samples, in Hz. */
  readonly sampleRate: number
  /** Samples from a frame to the next. */
  readonly hopLength: number
}

/**
 * The short-time Fourier transform under a Hann window, as `librosa.stft` gives it. Several channels give one matrix each.
 *
 * @throws TypeError or RangeError for wrong options and for audio that has no frame; AudioDecodeError ERR_CORRUPT for samples that
 * are not finite; `signal.reason` after an abort.
 */
export async function stft(
  audio: AudioData | Samples,
  options: FrameOptions = {},
): Promise<Spectrogram> {
  const frames = checkFrames(options, (winLength) => Math.max(1, Math.floor(winLength / 4)))
  const whole = checkWhole(audio, frames)
  const { channels, sampleRate } = whole.audio
  const shape = [Math.floor(frames.nFft / 2) + 1, whole.columns] as const
  const length = channels * shape[0] * shape[1]
  const [re, im] = await compute(whole, 'stft', async ({ binding, samples, frames, token }) => {
    const parts = [
      allocateSamples(length, undefined, 'stft'),
      allocateSamples(length, undefined, 'stft'),
    ] as const
    await binding.stft(samples, ...parts, frames, token)
    return parts
  })
  const views = matrixViews(im, channels, shape)
  const channelData = matrixViews(re, channels, shape).map((part, at) => ({
    re: part,
    im: views[at]!,
  }))
  return { re, im, channelData, channels, shape, sampleRate, hopLength: frames.hopLength }
}
