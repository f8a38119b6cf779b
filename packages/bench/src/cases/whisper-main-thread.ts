import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { BenchCase, Measurement } from '../bench-case.js'
import { cacheFolder } from '../cache-folder.js'
import { check, note } from '../report-lines.js'
import { runChild } from '../run-child.js'
import { longSpeechFlac } from '../speech/long-speech.js'
import { modelFolder } from '../speech/transcriber.js'
import { median, quantile, spread } from '../statistics.js'

const BAR_MS = 2
/** What stands beside the decoder's threads in the comparison. */
const THREADS = '2'

interface Watched {
  readonly longestGapMs: number
  readonly delayP99Ms: number
}
interface Work extends Watched {
  readonly tookMs: number
  readonly longestCallMs: number
  readonly longestCall: string
}

/** W10: how long loading and transcribing hold the main thread, next to the same process beside threads that only spin. */
export const whisperMainThread: BenchCase = {
  id: 'w10',
  title: 'main thread while a model is compiled, loaded, and transcribes a FLAC file',
  async run({ runs }) {
    const folder = await modelFolder('base')
    const file = await longSpeechFlac()
    const kept = await cacheFolder('whisper-compiled')
    const rows = new Map<string, { work: Work; spinning: Watched }[]>()
    const add = async (name: string, work: Work): Promise<void> => {
      const ms = String(Math.ceil(work.tookMs))
      const { stdout } = await runChild('main-thread.mjs', ['spin', THREADS, ms])
      const spinning = JSON.parse(stdout) as Watched
      rows.set(name, [...(rows.get(name) ?? []), { work, spinning }])
    }
    for (let run = 0; run < runs; run++) {
      const fresh = await mkdtemp(join(kept, 'fresh-'))
      const first = await watch(folder, fresh, file)
      await rm(fresh, { recursive: true })
      const second = await watch(folder, kept, file)
      await add('first load, with compiling', first.load)
      // The first of all fills the cache.
      if (run > 0 || runs === 1) await add('second load', second.load)
      await add('transcribe', second.transcribe)
    }
    return [...rows].flatMap(([name, seen]) => report(name, seen))
  },
}

async function watch(
  folder: string,
  cache: string,
  file: string,
): Promise<{ load: Work; transcribe: Work }> {
  const { stdout } = await runChild('whisper-main-thread.mjs', [folder, cache, file])
  return JSON.parse(stdout) as { load: Work; transcribe: Work }
}

function report(
  name: string,
  seen: readonly { work: Work; spinning: Watched }[],
): readonly Measurement[] {
  const of = (pick: (work: Work) => number): number => median(seen.map(({ work }) => pick(work)))
  const ofSpinning = (pick: (spinning: Watched) => number): number =>
    median(seen.map(({ spinning }) => pick(spinning)))
  const ratios = seen.map(({ work, spinning }) => work.delayP99Ms / spinning.delayP99Ms)
  const ms = (value: number): string => `${value.toFixed(2)} ms`
  const gap = of(({ longestGapMs }) => longestGapMs)
  const gapSpinning = ofSpinning(({ longestGapMs }) => longestGapMs)
  const call = spread(seen.map(({ work }) => work.longestCallMs))
  return [
    note(`${name}: takes`, ms(of(({ tookMs }) => tookMs))),
    check(
      `${name}: longest addon call (${seen[0]?.work.longestCall})`,
      `${ms(call.median)} (${ms(call.min)} to ${ms(call.max)})`,
      `≤ ${BAR_MS} ms`,
      call.median <= BAR_MS,
    ),
    check(
      `${name}: longest gap between turns of the event loop`,
      `${ms(gap)} (spinning threads: ${ms(gapSpinning)})`,
      `≤ ${BAR_MS} ms over spinning threads`,
      gap <= gapSpinning + BAR_MS,
    ),
    check(
      `${name}: event-loop delay p99`,
      `${ms(of(({ delayP99Ms }) => delayP99Ms))} (spinning threads: ${ms(ofSpinning(({ delayP99Ms }) => delayP99Ms))}), ratio ${quantile(ratios, 0.5).toFixed(2)}`,
      'no worse than spinning threads: the lower quartile is not above 1',
      quantile(ratios, 0.25) <= 1,
    ),
  ]
}
