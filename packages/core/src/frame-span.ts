import type { AudioInfo } from './audio-info.js'
import { resampledFrames } from './dsp/resampled-frames.js'

/** Native frames [startFrame, endFrame), to the end of the file when `endFrame` is null. */
export interface FrameSpan {
  readonly startFrame: number
  readonly endFrame: number | null
}

/** What turning seconds into frames needs to know. */
export type FrameFacts = Pick<AudioInfo, 'sampleRate' | 'frames' | 'framesExact'>

/**
 * Seconds as native frames: start = round(offset × rate), end = round((offset + duration) × rate). A negative offset counts from
 * the end and needs exact frames. What lies outside a file of known length is cut off.
 */
export function toFrameSpan(
  facts: FrameFacts,
  offset: number,
  duration: number | undefined,
): FrameSpan {
  const total = facts.framesExact ? facts.frames : null
  const start = frameAt(offset, facts)
  if (total === null) {
    if (duration === undefined) return { startFrame: start, endFrame: null }
    return { startFrame: start, endFrame: Math.max(start, frameAt(offset + duration, facts)) }
  }
  const startFrame = Math.min(start, total)
  if (duration === undefined) return { startFrame, endFrame: null }
  // From a negative offset that reaches zero the range runs to the end: there is nothing behind it.
  const toEnd = offset < 0 && offset + duration >= 0
  const end = toEnd ? total : Math.min(frameAt(offset + duration, facts), total)
  return { startFrame, endFrame: Math.max(startFrame, end) }
}

function frameAt(seconds: number, facts: FrameFacts): number {
  if (seconds >= 0) return Math.min(Math.round(seconds * facts.sampleRate), MAX_FRAME)
  return Math.max(0, (facts.frames ?? 0) - Math.round(-seconds * facts.sampleRate))
}

// Beyond this, whole numbers are no longer exact; no file is that long.
const MAX_FRAME = Number.MAX_SAFE_INTEGER

/** The frames of the result: [ceil(start × r), ceil(end × r)) of the resampled whole. `total` is the file's exact length. */
export function outputSpan(
  span: FrameSpan,
  total: number,
  inputRate: number,
  outputRate: number,
): { readonly startFrame: number; readonly endFrame: number } {
  const start = Math.min(span.startFrame, total)
  const end = Math.max(start, Math.min(span.endFrame ?? total, total))
  return {
    startFrame: resampledFrames(start, inputRate, outputRate),
    endFrame: resampledFrames(end, inputRate, outputRate),
  }
}
