import { roundHalfEven } from '../python/round-half-even.js'
import type { TimedSegment } from './add-word-timestamps.js'
import { isSegmentAnomaly } from './anomaly.js'

/** A window whose words are known. */
export interface WordWindow {
  readonly segments: readonly TimedSegment[]
  /** Longest silence in seconds that is kept beside what may be a hallucination. */
  readonly threshold: number
  /** When something was said last before this window, in seconds. */
  readonly lastSpeechTimestamp: number
  /** First frame of the window, and the same in seconds. */
  readonly previousSeek: number
  readonly timeOffset: number
  /** Seconds of audio in the window. */
  readonly segmentDuration: number
  /** End of a whole window from here, in seconds. */
  readonly windowEndTime: number
  /** Length of all audio, in frames and in seconds. */
  readonly contentFrames: number
  readonly contentDuration: number
  /** Frame that the next window would begin at. */
  readonly seek: number
}

/** What stays of a window. */
export interface KeptSegments {
  readonly segments: readonly TimedSegment[]
  readonly seek: number
  /** True when the window begins with silence and is to be heard again from its end; nothing of it counts. */
  readonly again: boolean
}

/** Frames in a second. */
const FRAMES_PER_SECOND = 100

/** Drops segments that are likely hallucinations with silence around (faster-whisper's `hallucination_silence_threshold`). */
export function skipHallucinations(window: WordWindow): KeptSegments {
  const { segments, threshold, timeOffset, previousSeek } = window
  const first = segments.find(hasWords)
  if (first !== undefined && isSegmentAnomaly(first)) {
    const gap = first.start - timeOffset
    if (gap > threshold) {
      const seek = previousSeek + roundHalfEven(gap * FRAMES_PER_SECOND)
      return { segments: [], seek, again: true }
    }
  }
  let lastEnd = window.lastSpeechTimestamp
  for (const [index, segment] of segments.entries()) {
    if (!hasWords(segment)) continue
    if (isSegmentAnomaly(segment) && isAlone(window, index, segment, lastEnd)) {
      return { segments: segments.slice(0, index), seek: seekPast(window, segment), again: false }
    }
    lastEnd = segment.end
  }
  return { segments, seek: window.seek, again: false }
}

/** Whether silence, or another likely hallucination, lies on both sides of a segment. */
function isAlone(
  window: WordWindow,
  index: number,
  segment: TimedSegment,
  lastEnd: number,
): boolean {
  const { threshold, timeOffset } = window
  const next = window.segments.slice(index + 1).find(hasWords)
  const nextStart = next?.words[0]?.start ?? timeOffset + window.segmentDuration
  const silenceBefore =
    segment.start - lastEnd > threshold ||
    segment.start < threshold ||
    segment.start - timeOffset < 2
  const silenceAfter =
    nextStart - segment.end > threshold ||
    isSegmentAnomaly(next) ||
    window.windowEndTime - segment.end < 2
  return silenceBefore && silenceAfter
}

function seekPast(window: WordWindow, { start, end }: TimedSegment): number {
  if (window.contentDuration - end < window.threshold) return window.contentFrames
  return roundHalfEven(Math.max(window.timeOffset + 1, start) * FRAMES_PER_SECOND)
}

function hasWords(segment: TimedSegment): boolean {
  return segment.words.length > 0
}
