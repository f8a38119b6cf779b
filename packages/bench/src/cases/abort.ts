import type { BenchCase, Measurement } from '../bench-case.js'
import { startAudioDecode } from '../engines/audiodecode.js'
import type { Engine, TimedDecode } from '../engines/engine.js'
import type { EncodingName } from '../media/encodings.js'
import { mediaFile } from '../media/media-file.js'
import { check, note } from '../report-lines.js'
import { seededRandom } from '../seeded-random.js'
import { quantile, spread } from '../statistics.js'

const BAR_MS = 20
const ENCODINGS: readonly EncodingName[] = ['mp3-192k', 'flac', 'opus']
/** Aborts of each kind and file: the worst of them counts. */
const PLACES_EACH_RUN = 4

interface Aborted {
  readonly latencyMs: number
  readonly cpuMs: number
}

/** D17: what an abort takes, and what goes on after it. */
export const abort: BenchCase = {
  id: 'd17',
  title: 'abort → rejection, and what runs after it',
  async run({ runs }) {
    const lines: Measurement[] = []
    for (const encoding of ENCODINGS) {
      const file = await mediaFile({ encoding, seconds: 600 })
      await using engine = startAudioDecode({ threads: 2 })
      // The second one tells how long a warm decode takes.
      await engine.call('load', { file, options: {} })
      const whole = await engine.call<TimedDecode>('load', { file, options: {} })
      const random = seededRandom(17)
      const places = Array.from(
        { length: runs * PLACES_EACH_RUN },
        () => (0.02 + 0.9 * random()) * whole.ms,
      )
      for (const op of ['abortLoad', 'abortStream']) {
        lines.push(...(await watch(engine, { encoding, op, file, places })))
      }
      const samples = whole.frames * whole.channels
      lines.push(await watchOut(engine, { encoding, file, samples, places: places.slice(0, runs) }))
    }
    return lines
  },
}

async function watch(
  engine: Engine,
  work: { encoding: string; op: string; file: string; places: readonly number[] },
): Promise<readonly Measurement[]> {
  const name = `${work.encoding}, ${work.op === 'abortLoad' ? 'load' : 'stream'}`
  const aborted: Aborted[] = []
  for (const afterMs of work.places) {
    const one = await engine.call<Aborted | null>(work.op, { file: work.file, afterMs })
    if (one !== null) aborted.push(one)
  }
  const show = (values: readonly number[]): string =>
    `worst ${spread(values).max.toFixed(1)} ms, median ${quantile(values, 0.5).toFixed(1)} ms of ${values.length}`
  const worst = (name_: string, values: readonly number[]): Measurement => ({
    ...check(name_, show(values), `≤ ${BAR_MS} ms`, spread(values).max <= BAR_MS),
    runs: { ms: values },
  })
  if (aborted.length === 0) return [note(name, 'every decode was faster than the abort')]
  return [
    worst(
      `${name}: abort to rejection`,
      aborted.map(({ latencyMs }) => latencyMs),
    ),
    worst(
      `${name}: CPU time in the 300 ms after`,
      aborted.map(({ cpuMs }) => cpuMs),
    ),
  ]
}

async function watchOut(
  engine: Engine,
  work: { encoding: string; file: string; samples: number; places: readonly number[] },
): Promise<Measurement> {
  let [changed, checked, furthest] = [0, 0, 0]
  for (const afterMs of work.places) {
    const { file, samples } = work
    const one = await engine.call<{ changed: number; written: number } | null>('abortOut', {
      file,
      samples,
      afterMs,
    })
    if (one === null) continue
    checked++
    changed += one.changed
    furthest = Math.max(furthest, one.written)
  }
  return check(
    `${work.encoding}: samples of a shared \`out\` written after the rejection`,
    `${changed} in ${checked} aborts (up to ${((100 * furthest) / work.samples).toFixed(0)} % was there)`,
    '0',
    changed === 0 && checked > 0,
  )
}
