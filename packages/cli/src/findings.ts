import type { AudioData } from '@audiodecode/core'

import { seconds } from './units.js'

/** Damage in the time of the source. */
interface DamagedStretch {
  startSeconds: number
  endSeconds: number
  readonly byteOffset: number | null
  readonly reason: string
}

/** What the decoder had to report, gathered over the blocks of one file. */
export interface Findings {
  /** Takes one block's report. */
  add(block: AudioData): void
  /** Whether the file is damaged or ends early. */
  hasAny(): boolean
  /** One line for each finding, at most ten. */
  lines(): string[]
}

const MOST_LINES = 10

/** Starts with none. `nativeRate` is the source's own rate in Hz, in which reports count expected frames. */
export function createFindings(nativeRate: number): Findings {
  const damaged: DamagedStretch[] = []
  let truncated = false
  let endSeconds = 0
  let expectedSeconds: number | null = null

  return {
    add({ report, sampleRate, startSeconds, durationSeconds }) {
      for (const { startFrame, endFrame, byteOffset, reason } of report.damaged) {
        const start = startSeconds + startFrame / sampleRate
        const end = startSeconds + endFrame / sampleRate
        const last = damaged.at(-1)
        // One stretch that a block boundary has cut in two.
        if (last?.reason === reason && Math.abs(start - last.endSeconds) < 1 / sampleRate) {
          last.endSeconds = end
        } else {
          damaged.push({ startSeconds: start, endSeconds: end, byteOffset, reason })
        }
      }
      truncated ||= report.truncated
      endSeconds = startSeconds + durationSeconds
      if (report.expectedFrames !== null) expectedSeconds = report.expectedFrames / nativeRate
    },
    hasAny: () => truncated || damaged.length > 0,
    lines() {
      const lines = damaged.slice(0, MOST_LINES).map(inWords)
      const more = damaged.length - lines.length
      if (more > 0) lines.push(`damaged in ${more} more places`)
      if (truncated) {
        const promised = expectedSeconds === null ? '' : ` of ${seconds(expectedSeconds)} s`
        lines.push(`truncated: the file ends at ${seconds(endSeconds)} s${promised}`)
      }
      return lines
    },
  }
}

function inWords({ startSeconds, endSeconds, byteOffset, reason }: DamagedStretch): string {
  const at = byteOffset === null ? '' : ` at byte ${byteOffset}`
  return `damaged: ${seconds(startSeconds)}–${seconds(endSeconds)} s is silence (${reason}${at})`
}
