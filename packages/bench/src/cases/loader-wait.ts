import type { BenchCase, Measurement } from '../bench-case.js'
import { clipList } from '../media/clip-list.js'
import { check, note } from '../report-lines.js'
import { spread } from '../statistics.js'
import { runLoader } from './loader-run.js'
import type { LoaderRun } from './loader-run.js'

const CONSUMER_MS = 5
const ITEMS = 4_000

/** A second at random of each clip, FLAC at 16 kHz, as recordings of speech are, as MFCC. */
const OPTIONS = {
  sampleRate: 16_000,
  shuffle: true,
  cropSeconds: 1,
  features: { kind: 'mfcc', nMfcc: 20 },
}

/**
 * A consumer that sleeps does what one does whose model runs on other threads or another device. One that computes in JavaScript, on
 * the thread that the loader's own JavaScript runs on, waits for that at least. Eight seconds of audio in 5 ms are 1,600 times real
 * time, as much as two threads can do.
 */
const WORK = [
  { kind: 'sleeps', batchSize: 4, bar: 0.05 },
  { kind: 'sleeps', batchSize: 8, bar: null },
  { kind: 'computes', batchSize: 4, bar: null },
] as const

/** T4: how much of the time a consumer of 5 ms a batch waits for the loader, over a whole epoch, its start included. */
export const loaderWait: BenchCase = {
  id: 't4',
  title: 'data loader: the wait of a consumer of 5 ms a batch',
  async run({ runs }) {
    const list = await clipList({ encoding: 'flac', sampleRate: 16_000, count: ITEMS })
    const lines: Measurement[] = []
    for (const { kind, batchSize, bar } of WORK) {
      const epochs: LoaderRun[] = []
      for (let run = -1; run < runs; run++) {
        const epoch = await runLoader(list, { ...OPTIONS, batchSize }, { kind, ms: CONSUMER_MS })
        if (run >= 0) epochs.push(epoch)
      }
      lines.push(...report(`${batchSize} × 1 s, consumer ${kind}`, bar, epochs))
    }
    return lines
  },
}

function report(name: string, bar: number | null, epochs: readonly LoaderRun[]): Measurement[] {
  const shares = epochs.map(({ waitedMs, tookMs }) => waitedMs / tookMs)
  const { median: middle, min, max } = spread(shares)
  const waits = `${name}: waits`
  const value = `${percent(middle)} (${percent(min)} to ${percent(max)})`
  const { batches, tookMs, concurrency } = epochs[0]!
  return [
    {
      ...(bar === null
        ? note(waits, value)
        : check(waits, value, `< ${percent(bar)}`, middle < bar)),
      runs: { shares },
    },
    note(
      `${name}: an epoch`,
      `${batches} batches in ${tookMs.toFixed(0)} ms, ${concurrency} files at a time`,
    ),
  ]
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
