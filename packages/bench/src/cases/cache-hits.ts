import type { BenchCase, Measurement } from '../bench-case.js'
import { closing } from '../closing.js'
import { startEngine } from '../engines/engine.js'
import { mediaFile } from '../media/media-file.js'
import { check, note, showMs } from '../report-lines.js'
import { childPath } from '../run-child.js'
import { spread } from '../statistics.js'

const SECONDS = [1, 30, 600]
const SHARED_MS = 0.15
const COPY_TIMES = 2

interface Hits {
  readonly bytes: number
  readonly shared: readonly number[]
  readonly copying: readonly number[]
  readonly range: readonly number[]
  readonly slice: readonly number[]
}

/** T6: what a hit costs, through `load`, with the look at the file. */
export const cacheHits: BenchCase = {
  id: 't6',
  title: 'a hit of @audiodecode/cache, through load()',
  async run({ runs }) {
    const engine = startEngine({
      command: process.execPath,
      args: ['--expose-gc', childPath('cache-engine.mjs')],
      env: process.env,
    })
    await using _all = closing([engine])
    const lines: Measurement[] = []
    for (const seconds of SECONDS) {
      const file = await mediaFile({ encoding: 'wav', seconds })
      const hits = await engine.call<Hits>('hits', { file, runs: seconds > 100 ? runs : runs * 20 })
      const subject = `${seconds} s, ${(hits.bytes / 2 ** 20).toFixed(1)} MiB`
      const median = (values: readonly number[]): number => spread(values).median
      const limit = COPY_TIMES * median(hits.slice) + SHARED_MS
      lines.push(
        check(
          `${subject}: shared`,
          showMs(hits.shared),
          `< ${SHARED_MS} ms`,
          median(hits.shared) < SHARED_MS,
        ),
        check(
          `${subject}: copying`,
          showMs(hits.copying),
          `≤ ${COPY_TIMES} × data.slice() + ${SHARED_MS} ms = ${limit.toFixed(2)} ms`,
          median(hits.copying) <= limit,
        ),
        note(`${subject}: data.slice()`, showMs(hits.slice)),
        note(`${subject}: a range of half a second from it`, showMs(hits.range)),
      )
    }
    return lines
  },
}
