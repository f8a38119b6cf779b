import type { AudioInfo } from './audio-info.js'
import type { DamagedRange, DeclinedBackend, DecodeReport } from './decode-report.js'
import { AudioDecodeError } from './errors.js'

/** How a backend's frames become the frames of the result. */
export interface ReportFrames {
  /** Turns a frame of the backend's result into one of the final result, before cutting. */
  readonly toOutput: (frame: number) => number
  /** First output frame of the final result. */
  readonly startFrame: number
  /** Frames of the final result. */
  readonly frames: number
}

/** A complete report from what the backend told, in the frames of the final result. */
export function createReport(
  told: Partial<DecodeReport> | undefined,
  info: AudioInfo,
  decodedFrames: number,
  declined: readonly DeclinedBackend[],
  { toOutput, startFrame, frames }: ReportFrames,
): DecodeReport {
  const damaged: DamagedRange[] = []
  for (const range of told?.damaged ?? []) {
    const from = toOutput(range.startFrame) - startFrame
    // At a lower rate a short stretch may lie between two frames; it is told all the same.
    const to = Math.max(from + 1, toOutput(range.endFrame) - startFrame)
    if (to <= 0 || from >= frames) continue
    damaged.push({ ...range, startFrame: Math.max(0, from), endFrame: Math.min(frames, to) })
  }
  return {
    // `null` is an answer: the container says nothing.
    expectedFrames:
      told?.expectedFrames === undefined
        ? info.framesExact
          ? info.frames
          : null
        : told.expectedFrames,
    decodedFrames: told?.decodedFrames ?? decodedFrames,
    damaged,
    truncated: told?.truncated ?? false,
    gapless: told?.gapless ?? { source: 'none', startFrames: 0, endFrames: 0 },
    declined,
  }
}

/** With `onDamage: 'error'` a report of damage is an error, also from a backend that only reports it. */
export function rejectDamage(report: DecodeReport, backend: string, label: string): void {
  const [first] = report.damaged
  if (first === undefined && !report.truncated) return
  const what = first === undefined ? 'ends before its time' : `is damaged: ${first.reason}`
  throw new AudioDecodeError(
    'ERR_CORRUPT',
    `${label} ${what}. With onDamage: 'conceal' what is left of it can be read.`,
    { backend, input: label, byteOffset: first?.byteOffset ?? undefined },
  )
}

/** Several blocks' reports as the report of their concatenation. `starts` are the blocks' first frames. */
export function joinReports(
  reports: readonly (Partial<DecodeReport> | undefined)[],
  starts: readonly number[],
): Partial<DecodeReport> {
  const joined: { -readonly [K in keyof DecodeReport]?: DecodeReport[K] } = {}
  const damaged: DamagedRange[] = []
  for (const [index, report] of reports.entries()) {
    if (report === undefined) continue
    const { decodedFrames: _ofThisBlock, ...rest } = report
    Object.assign(joined, rest)
    const start = starts[index] ?? 0
    for (const range of report.damaged ?? []) {
      damaged.push({
        ...range,
        startFrame: range.startFrame + start,
        endFrame: range.endFrame + start,
      })
    }
  }
  return { ...joined, damaged, truncated: reports.some((report) => report?.truncated === true) }
}
