import type { AudioData, CacheKey } from '@audiodecode/core'

import { covers } from './key-name.js'
import type { Span } from './key-name.js'

/** What of a stored range has to be known to cut from it. */
export type EntryFacts = Pick<AudioData, 'frames' | 'sampleRate' | 'report'>

/** Frames of a stored result that are the result of another key. */
export interface EntryPart {
  readonly from: number
  readonly to: number
  /** Position of the first one in the source, in seconds. */
  readonly startSeconds: number
  readonly report: AudioData['report']
}

/**
 * The part of a stored longer range that is the result of `key`, or null when that is not certain. A range is the slice
 * [ceil(start × r), ceil(end × r)) of the whole, whatever the backend: core promises it and the conformance suite checks it to the
 * bit. Where something was damaged, what is concealed may depend on where the decoding began: there is no part then.
 */
export function partOfEntry(stored: EntryFacts, span: Span, key: CacheKey): EntryPart | null {
  const { nativeRate } = key
  const { frames, sampleRate, report } = stored
  if (nativeRate === null || !covers(span, key)) return null
  if (report.damaged.length > 0 || report.truncated) return null
  const place = (frame: number): number => resampled(frame, nativeRate, sampleRate)
  const first = place(span.startFrame)
  const from = place(key.startFrame) - first
  const end = key.endFrame === null ? frames : Math.min(place(key.endFrame) - first, frames)
  // What begins at the end or is empty costs nothing to decode.
  if (from >= end) return null
  return {
    from,
    to: end,
    startSeconds: place(key.startFrame) / sampleRate,
    report: { ...report, decodedFrames: nativeFrames(stored, span, key, nativeRate) },
  }
}

/** ceil(frame × to ÷ from): exact, since the remainder times a rate of at most 2^24 fits a double. */
function resampled(frame: number, from: number, to: number): number {
  if (from === to) return frame
  const rest = frame % from
  return ((frame - rest) / from) * to + Math.ceil((rest * to) / from)
}

/** Frames of the part at the native rate: what a decode of it alone reports. */
function nativeFrames(stored: EntryFacts, span: Span, key: CacheKey, nativeRate: number): number {
  const atEnd = stored.sampleRate === nativeRate ? stored.frames : stored.report.decodedFrames
  const end = span.startFrame + atEnd
  return Math.min(key.endFrame ?? end, end) - key.startFrame
}
