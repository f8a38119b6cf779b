import type { BenchCase } from '../bench-case.js'
import { runChild } from '../run-child.js'
import { spread } from '../statistics.js'

const BAR_MS = 15

/** D14: what `import` of core + backend-rust adds to an empty program, as whole processes in turn. */
export const importTime: BenchCase = {
  id: 'd14',
  title: 'import of core + backend-rust over an empty program',
  async run({ runs }) {
    const extra: number[] = []
    const empty: number[] = []
    for (let run = -1; run < Math.max(runs, 15); run++) {
      const base = await runChild('empty.mjs')
      const imported = await runChild('import-core.mjs')
      // Run -1 warms the file cache.
      if (run < 0) continue
      empty.push(base.wallMs)
      extra.push(imported.wallMs - base.wallMs)
    }
    const added = spread(extra)
    return [
      {
        name: 'empty program',
        value: `${spread(empty).median.toFixed(1)} ms`,
        bar: null,
        met: null,
      },
      {
        name: 'added by the imports (median of pairs)',
        value: `${added.median.toFixed(1)} ms (${added.min.toFixed(1)} to ${added.max.toFixed(1)})`,
        bar: `≤ ${BAR_MS} ms`,
        met: added.median <= BAR_MS,
      },
    ]
  },
}
