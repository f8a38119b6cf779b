import type { DecodeReport } from './decode-report.js'

/** Decoded audio: planar 32-bit float samples and what is known about them. */
export interface AudioData {
  /** Planar samples, channel after channel: length = channels × frames exactly. Range [-1, 1], not clipped. */
  readonly data: Float32Array
  /** One view on `data` per channel. */
  readonly channelData: readonly Float32Array[]
  /** Number of channels. */
  readonly channels: number
  /** Samples per channel. */
  readonly frames: number
  /** Frames per second, in Hz. */
  readonly sampleRate: number
  /** frames ÷ sampleRate. */
  readonly durationSeconds: number
  /** Position of the first frame in the source, in seconds. */
  readonly startSeconds: number
  /** Name of the backend that decoded it. */
  readonly backend: string
  /** Damage, truncation, trims and refusals on the way. */
  readonly report: DecodeReport
}

/** Views of the channels of planar `data`, each `data.length / channels` long. */
export function planesOf(data: Float32Array, channels: number): readonly Float32Array[] {
  const frames = data.length / channels
  return Array.from({ length: channels }, (_, channel) =>
    data.subarray(channel * frames, (channel + 1) * frames),
  )
}

/** Completes what follows from the samples: views, frames and duration. `data.length` must be a multiple of `channels`. */
export function createAudioData(
  parts: Pick<
    AudioData,
    'data' | 'channels' | 'sampleRate' | 'startSeconds' | 'backend' | 'report'
  >,
): AudioData {
  const frames = parts.data.length / parts.channels
  return {
    data: parts.data,
    channelData: planesOf(parts.data, parts.channels),
    channels: parts.channels,
    frames,
    sampleRate: parts.sampleRate,
    durationSeconds: frames / parts.sampleRate,
    startSeconds: parts.startSeconds,
    backend: parts.backend,
    report: parts.report,
  }
}
