import { availableParallelism } from 'node:os'

import type { BenchCase, Measurement } from '../bench-case.js'
import { mediaFile } from '../media/media-file.js'
import { runChild } from '../run-child.js'
import { median, quantile, spread } from '../statistics.js'

interface Watched {
  readonly longestGapMs: number
  readonly delayP99Ms: number
}
interface Decoded extends Watched {
  readonly tookMs: number
  readonly longestCallMs: number
  readonly longestCall: string
  readonly outputBytes: number
}

/** A long file is decoded on as many threads as there are cores. */
const DECODING_THREADS = availableParallelism()

/** D13: how long decoding holds the main thread, next to the same process beside threads that only spin. */
export const mainThread: BenchCase = {
  id: 'd13',
  title: 'main thread while a file is decoded',
  async run({ runs }) {
    const lines: Measurement[] = []
    for (const { seconds, barMs } of [
      { seconds: 180, barMs: 2 },
      { seconds: 600, barMs: 5 },
    ]) {
      const file = await mediaFile({ encoding: 'mp3-192k', seconds })
      const decoded: Decoded[] = []
      const spun: Watched[] = []
      for (let run = -1; run < runs; run++) {
        const one = JSON.parse(
          (await runChild('main-thread.mjs', ['decode', file])).stdout,
        ) as Decoded
        const spinning = await runChild('main-thread.mjs', [
          'spin',
          String(DECODING_THREADS),
          String(Math.ceil(one.tookMs)),
        ])
        if (run < 0) continue
        decoded.push(one)
        spun.push(JSON.parse(spinning.stdout) as Watched)
      }
      lines.push(...report(`${seconds} s MP3`, barMs, decoded, spun))
    }
    return lines
  },
}

function report(
  name: string,
  barMs: number,
  decoded: readonly Decoded[],
  spun: readonly Watched[],
): Measurement[] {
  const call = spread(decoded.map((run) => run.longestCallMs))
  const p99 = median(decoded.map((run) => run.delayP99Ms))
  const p99Spinning = median(spun.map((run) => run.delayP99Ms))
  const gap = spread(decoded.map((run) => run.longestGapMs))
  const gapSpinning = spread(spun.map((run) => run.longestGapMs))
  const megabytes = ((decoded[0]?.outputBytes ?? 0) / 1e6).toFixed(0)
  const ratios = decoded.map(
    (run, index) => run.delayP99Ms / (spun[index]?.delayP99Ms ?? Number.NaN),
  )
  const q = (fraction: number): string => quantile(ratios, fraction).toFixed(2)
  const ms = (value: number): string => `${value.toFixed(2)} ms`
  return [
    {
      name: `${name} (${megabytes} MB): decode`,
      value: ms(median(decoded.map((run) => run.tookMs))),
      bar: null,
      met: null,
    },
    {
      name: `${name}: longest addon call (${decoded[0]?.longestCall})`,
      value: `${ms(call.median)} (${ms(call.min)} to ${ms(call.max)})`,
      bar: `≤ ${barMs} ms`,
      met: call.median <= barMs,
    },
    {
      name: `${name}: longest gap between turns of the event loop`,
      value: `${ms(gap.median)} (spinning threads: ${ms(gapSpinning.median)})`,
      bar: `≤ ${barMs} ms over spinning threads`,
      met: gap.median <= gapSpinning.median + barMs,
    },
    {
      name: `${name}: event-loop delay p99`,
      value: `${ms(p99)} (spinning threads: ${ms(p99Spinning)}), ratio ${q(0.5)} (quartiles ${q(0.25)} to ${q(0.75)})`,
      bar: 'no worse than spinning threads: the lower quartile is not above 1',
      met: quantile(ratios, 0.25) <= 1,
    },
  ]
}
