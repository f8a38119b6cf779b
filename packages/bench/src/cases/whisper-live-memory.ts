import type { BenchCase } from '../bench-case.js'
import { check } from '../report-lines.js'
import { runChild } from '../run-child.js'
import { clip } from '../speech/clip.js'
import { modelFolder } from '../speech/transcriber.js'

const MIB = 2 ** 20
const HOURS = 10
/** Half hours in which caches fill and V8 learns how much it needs. */
const SETTLED = 3
const BAR_GROWTH_MIB = 64
const WORDS_OF_CLIP = 22
/** A sentence that comes out of nothing may lose its first word. */
const LEAST_WORDS = 20

/** W8, live: ten hours of it, as fast as they are heard. */
export const whisperLiveMemory: BenchCase = {
  id: 'w8s',
  title: `memory of ${HOURS} hours of live audio, tiny.en int8`,
  async run() {
    const { samples } = await clip(11)
    const { stdout } = await runChild('live-hours.mjs', [
      await modelFolder('tiny.en'),
      samples,
      `${HOURS}`,
    ])
    const { words, times, residentBytes } = JSON.parse(stdout) as {
      words: number
      times: number
      residentBytes: readonly number[]
    }
    const growth = Math.max(...residentBytes) - (residentBytes[SETTLED] ?? 0)
    const each = residentBytes.map((bytes) => (bytes / MIB).toFixed(0)).join(', ')
    return [
      check(
        `words of ${times} sentences that became final`,
        `${words}`,
        `${LEAST_WORDS} to ${WORDS_OF_CLIP} each`,
        words >= times * LEAST_WORDS && words <= times * WORDS_OF_CLIP,
      ),
      {
        ...check(
          'resident memory over that after two hours',
          `${(growth / MIB).toFixed(0)} MiB (${each} MiB, every half hour)`,
          `≤ ${BAR_GROWTH_MIB} MiB`,
          growth <= BAR_GROWTH_MIB * MIB,
        ),
        runs: { residentBytes },
      },
    ]
  },
}
