import type { BenchCase, Measurement } from '../bench-case.js'
import { clipList } from '../media/clip-list.js'
import { check, note } from '../report-lines.js'
import { median, spread } from '../statistics.js'
import { runLoader } from './loader-run.js'
import type { LoaderRun } from './loader-run.js'

const MIB = 2 ** 20
const PREFETCH_BYTES = 64 * MIB
const ALLOWANCE = 64 * MIB
const ITEMS = 2_000

/** What fills memory in different ways: samples, features, and a consumer that is slower or faster than the loader. */
const WORK = [
  { name: 'samples, slow consumer', options: {}, ms: 20 },
  { name: 'samples, no consumer', options: {}, ms: 0 },
  { name: 'log-mel, slow consumer', options: { features: { kind: 'logMel' } }, ms: 10 },
] as const

/** T5: peak memory of an epoch over a process that only imports. */
export const loaderMemory: BenchCase = {
  id: 't5',
  title: 'data loader: peak memory, 64 MiB loaded ahead',
  async run({ runs }) {
    const list = await clipList({ encoding: 'mp3-128k', sampleRate: 22_050, count: ITEMS })
    const lines: Measurement[] = []
    for (const { name, options, ms } of WORK) {
      const common = { sampleRate: 22_050, batchSize: 16, prefetchBytes: PREFETCH_BYTES }
      const epochs: LoaderRun[] = []
      for (let run = -1; run < runs; run++) {
        const kind = 'sleeps'
        const epoch = await runLoader(list, { ...common, ...options }, { kind, ms })
        if (run >= 0) epochs.push(epoch)
      }
      const over = epochs.map(({ peakBytes, importedBytes }) => peakBytes - importedBytes)
      const { min, max } = spread(over)
      lines.push({
        ...check(
          `${name}: peak over the import`,
          `${toMib(median(over))} (${toMib(min)} to ${toMib(max)})`,
          `≤ 64 MiB ahead + 64 MiB = ${toMib(PREFETCH_BYTES + ALLOWANCE)}`,
          median(over) <= PREFETCH_BYTES + ALLOWANCE,
        ),
        runs: { over },
      })
      lines.push(note(`${name}: a batch`, toMib(epochs[0]!.batchBytes)))
    }
    return lines
  },
}

function toMib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`
}
