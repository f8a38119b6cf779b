import type { CliStreams } from './streams.js'
import { writeLine } from './streams.js'

/** How far a file of a model has come. */
export interface Downloaded {
  readonly file: string
  readonly loadedBytes: number
  readonly totalBytes: number | null
}

/** Smaller files come in no time. */
const LEAST_BYTES = 1_000_000
/** A line for each tenth: enough for a person who waits, and for a log. */
const STEPS = 10

/** Tells on stderr how a model is downloaded: a line when a large file begins, and at each tenth of it. */
export function downloadLines(streams: CliStreams): (progress: Downloaded) => void {
  const told = new Map<string, number>()
  return ({ file, loadedBytes, totalBytes }) => {
    if (totalBytes === null || totalBytes < LEAST_BYTES) return
    const step = Math.floor((loadedBytes / totalBytes) * STEPS)
    if (step <= (told.get(file) ?? -1)) return
    told.set(file, step)
    const size = (totalBytes / 1e6).toFixed(0)
    const percent = (100 / STEPS) * step
    // A stream that has gone is found by what is written to it next.
    writeLine(streams, 'stderr', `downloading ${file}: ${percent} % of ${size} MB`).catch(() => {})
  }
}
