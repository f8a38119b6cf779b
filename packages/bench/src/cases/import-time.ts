import type { BenchCase } from '../bench-case.js'
import { runChild } from '../run-child.js'
import { spread } from '../statistics.js'

const BAR_MS = 15
/** What an empty program took where the bar was set; on a slower machine the ratio to it counts. */
const BAR_EMPTY_MS = 60
/** Starting a process varies by more than what is measured. */
const LEAST_RUNS = 41

/** D14: what `import` of core + backend-rust adds to an empty program, as whole processes in turn. */
export const importTime: BenchCase = {
  id: 'd14',
  title: 'import of core + backend-rust over an empty program',
  async run({ runs }) {
    const extra: number[] = []
    const empty: number[] = []
    for (let run = -1; run < Math.max(runs, LEAST_RUNS); run++) {
      const base = await runChild('empty.mjs')
      const imported = await runChild('import-core.mjs')
      // Run -1 warms the file cache.
      if (run < 0) continue
      empty.push(base.wallMs)
      extra.push(imported.wallMs - base.wallMs)
    }
    const added = spread(extra)
    const emptyMs = spread(empty).median
    const share = added.median / emptyMs
    const limit = BAR_MS / BAR_EMPTY_MS
    const percent = (ratio: number): string => `${(100 * ratio).toFixed(0)} %`
    return [
      { name: 'empty program', value: `${emptyMs.toFixed(1)} ms`, bar: null, met: null },
      {
        name: `added by the imports (median of ${extra.length} pairs)`,
        value: `${added.median.toFixed(1)} ms (${added.min.toFixed(1)} to ${added.max.toFixed(1)}), ${percent(share)} of it`,
        bar: `≤ ${BAR_MS} ms where an empty program takes ${BAR_EMPTY_MS}: ≤ ${percent(limit)}`,
        met: added.median <= BAR_MS || share <= limit,
      },
    ]
  },
}
