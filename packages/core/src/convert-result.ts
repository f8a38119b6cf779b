import type { BackendResult } from './audio-backend.js'
import { planesOf } from './audio-data.js'
import { copySamples } from './copy-samples.js'
import { mixToMonoInSlices } from './dsp/mix.js'
import { resampleRange } from './dsp/resample.js'
import { resampledFrames } from './dsp/resampled-frames.js'
import type { FrameSpan } from './frame-span.js'

/** What core still has to do with a backend's result. */
export interface Conversion {
  /** Native frames to cut out, or null when the result has no others. */
  readonly slice: FrameSpan | null
  /** Native rate, at which `slice` counts. */
  readonly nativeRate: number
  readonly mono: boolean
  /** Rate wanted, in Hz. */
  readonly sampleRate: number
  /** Whether the samples belong to someone else and must be copied. */
  readonly copy: boolean
}

/** Planar samples, cut, mixed and resampled as wanted, in memory that nobody else holds. */
export interface Converted {
  readonly data: Float32Array
  readonly channels: number
  /** First frame of `data` in the frames of the result at the output rate. */
  readonly startFrame: number
}

/** Cuts, mixes, then resamples: what the backend did not do by itself. */
export async function convertResult(
  result: BackendResult,
  wanted: Conversion,
  signal: AbortSignal | undefined,
): Promise<Converted> {
  const { slice, nativeRate, sampleRate } = wanted
  const mixes = wanted.mono && result.channels > 1
  const total = result.data.length / result.channels
  if (result.sampleRate !== sampleRate) {
    // Filters look beyond the edges of a slice, so that everything is mixed before the slice is resampled.
    const whole = mixes
      ? await mixToMonoInSlices(result.data, result.channels, signal)
      : result.data
    const channels = mixes ? 1 : result.channels
    const startFrame = Math.min(slice?.startFrame ?? 0, total)
    const endFrame = Math.max(startFrame, Math.min(slice?.endFrame ?? total, total))
    const range = { startFrame, endFrame }
    const planes = planesOf(whole, channels)
    const data = await resampleRange(planes, result.sampleRate, sampleRate, range, signal)
    return {
      data,
      channels,
      startFrame: resampledFrames(startFrame, result.sampleRate, sampleRate),
    }
  }
  // The backend may have resampled already: then the slice counts in output frames.
  const at = (frame: number): number =>
    Math.min(resampledFrames(frame, nativeRate, sampleRate), total)
  const start = at(slice?.startFrame ?? 0)
  const end = slice?.endFrame == null ? total : Math.max(start, at(slice.endFrame))
  const cut = await cutPlanes(result, start, end, wanted.copy && !mixes, signal)
  const data = mixes ? await mixToMonoInSlices(cut, result.channels, signal) : cut
  return { data, channels: mixes ? 1 : result.channels, startFrame: start }
}

async function cutPlanes(
  { data, channels }: BackendResult,
  start: number,
  end: number,
  copy: boolean,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const total = data.length / channels
  if (start === 0 && end === total && !copy) return data
  const frames = end - start
  const cut = new Float32Array(frames * channels)
  for (let channel = 0; channel < channels; channel++) {
    const source = data.subarray(channel * total + start, channel * total + end)
    await copySamples(source, cut.subarray(channel * frames, (channel + 1) * frames), signal)
  }
  return cut
}
