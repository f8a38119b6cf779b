/** Tokens of a window, and where it lies. */
export interface WindowTokens {
  readonly tokens: readonly number[]
  /** Beginning of the window, in seconds. */
  readonly timeOffset: number
  /** Length of the window, in frames. */
  readonly segmentSize: number
  /** The same in seconds. */
  readonly segmentDuration: number
  /** First frame of the window. */
  readonly seek: number
  /** Id of the timestamp of 0 seconds. */
  readonly timestampBegin: number
}

/** A part of a window; times in seconds. */
export interface SplitSegment {
  readonly seek: number
  readonly start: number
  readonly end: number
  readonly tokens: readonly number[]
}

/** The parts of a window. */
export interface SplitSegments {
  readonly segments: readonly SplitSegment[]
  /** Frame that the next window begins at. */
  readonly seek: number
  /** Whether the last thing said is a single timestamp: nothing is spoken after it. */
  readonly singleTimestampEnding: boolean
}

/** Seconds of a timestamp token. */
const TIME_PRECISION = 0.02
/** Frames of a timestamp token. */
const INPUT_STRIDE = 2

/** Cuts a window's tokens where two timestamps meet (faster-whisper's `_split_segments_by_timestamps`). */
export function splitSegmentsByTimestamps(window: WindowTokens): SplitSegments {
  const { tokens, timestampBegin } = window
  const isTime = (token: number | undefined): boolean =>
    token !== undefined && token >= timestampBegin
  const singleTimestampEnding =
    tokens.length >= 2 && !isTime(tokens.at(-2)) && isTime(tokens.at(-1))
  const cuts: number[] = []
  for (let at = 1; at < tokens.length; at++) {
    if (isTime(tokens[at]) && isTime(tokens[at - 1])) cuts.push(at)
  }
  if (cuts.length === 0) {
    return { segments: [wholeWindow(window)], seek: afterWindow(window), singleTimestampEnding }
  }
  if (singleTimestampEnding) cuts.push(tokens.length)
  const segments = cuts.map((cut, index) => slice(window, cuts[index - 1] ?? 0, cut))
  if (singleTimestampEnding) return { segments, seek: afterWindow(window), singleTimestampEnding }
  // What follows the last pair is unfinished: it is heard again.
  const last = (tokens[(cuts.at(-1) ?? 0) - 1] ?? timestampBegin) - timestampBegin
  return { segments, seek: window.seek + last * INPUT_STRIDE, singleTimestampEnding }
}

function slice(window: WindowTokens, from: number, to: number): SplitSegment {
  const tokens = window.tokens.slice(from, to)
  const secondsOf = (token: number | undefined): number =>
    window.timeOffset + ((token ?? 0) - window.timestampBegin) * TIME_PRECISION
  return {
    seek: window.seek,
    start: secondsOf(tokens[0]),
    end: secondsOf(tokens.at(-1)),
    tokens,
  }
}

function wholeWindow({ tokens, timestampBegin, ...window }: WindowTokens): SplitSegment {
  const lastTime = tokens.findLast((token) => token >= timestampBegin)
  const duration =
    lastTime === undefined || lastTime === timestampBegin
      ? window.segmentDuration
      : (lastTime - timestampBegin) * TIME_PRECISION
  const start = window.timeOffset
  return { seek: window.seek, start, end: start + duration, tokens }
}

function afterWindow({ seek, segmentSize }: WindowTokens): number {
  return seek + segmentSize
}
