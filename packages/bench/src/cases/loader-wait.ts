import type { BenchCase, Measurement } from '../bench-case.js'
import { clipList } from '../media/clip-list.js'
import { check, note } from '../report-lines.js'
import { median, spread } from '../statistics.js'
import { runLoader } from './loader-run.js'
import type { LoaderRun } from './loader-run.js'

const CONSUMER_MS = 5
const ITEMS = 4_000

/** A second at random of each clip, FLAC at 16 kHz, as recordings of speech are, as MFCC. */
const OPTIONS = {
  sampleRate: 16_000,
  batchSize: 8,
  shuffle: true,
  cropSeconds: 1,
  features: { kind: 'mfcc', nMfcc: 20 },
}

/**
 * A consumer that sleeps does what one does whose model runs on other threads or another device. One that computes in JavaScript, on
 * the thread that the loader's own JavaScript runs on, waits for that at least.
 */
const CONSUMERS = [
  { kind: 'sleeps', bar: 0.05 },
  { kind: 'computes', bar: null },
] as const

/** T4: how much of the time a consumer of 5 ms a batch waits for the loader, over a whole epoch, its start included. */
export const loaderWait: BenchCase = {
  id: 't4',
  title: 'data loader: the wait of a consumer of 5 ms a batch',
  async run({ runs }) {
    const list = await clipList({ encoding: 'flac', sampleRate: 16_000, count: ITEMS })
    const lines: Measurement[] = []
    for (const { kind, bar } of CONSUMERS) {
      const epochs: LoaderRun[] = []
      for (let run = -1; run < runs; run++) {
        const epoch = await runLoader(list, OPTIONS, { kind, ms: CONSUMER_MS })
        if (run >= 0) epochs.push(epoch)
      }
      const shares = epochs.map(({ waitedMs, tookMs }) => waitedMs / tookMs)
      const { min, max } = spread(shares)
      const name = `consumer that ${kind}: waits`
      const value = `${percent(median(shares))} (${percent(min)} to ${percent(max)})`
      lines.push({
        ...(bar === null
          ? note(name, value)
          : check(name, value, `< ${percent(bar)}`, median(shares) < bar)),
        runs: { shares },
      })
      const { batches, tookMs, concurrency } = epochs[0]!
      lines.push(
        note(
          `consumer that ${kind}: an epoch`,
          `${batches} batches of 8 × 1 s in ${tookMs.toFixed(0)} ms, ${concurrency} files at a time`,
        ),
      )
    }
    return lines
  },
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
