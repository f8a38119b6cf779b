import type { BenchCase, Measurement } from '../bench-case.js'
import { check } from '../report-lines.js'
import { clip } from '../speech/clip.js'
import { raceTranscribers } from '../speech/race-transcribers.js'
import type { Setup } from '../speech/transcriber.js'
import { median } from '../statistics.js'

/** A run takes a fraction of a second: the median needs more of them. */
const RUNS_EACH = 3
const BAR_MS = 90

/** W6: what a short clip costs. */
export const whisperShort: BenchCase = {
  id: 'w6',
  title: 'short clips, int8 greedy, against faster-whisper',
  async run({ runs }) {
    const lines: Measurement[] = []
    for (const [model, seconds, atLeast] of [
      ['base', 11, 2.5],
      ['base', 3, 4],
      ['tiny.en', 3, 5],
    ] as const) {
      const spoken = await clip(seconds)
      const setup: Setup = { model, computeType: 'int8' }
      const processes = [[spoken]]
      const race = await raceTranscribers({
        subject: `${seconds} s, ${model}`,
        options: { language: 'en', beamSize: 1, vad: false },
        entries: [
          { side: 'ours', setup, processes },
          { side: 'faster-whisper', setup, processes },
        ],
        atLeast,
        warmUp: spoken,
        runs: runs * RUNS_EACH,
      })
      lines.push(...race)
      if (model !== 'tiny.en') continue
      const ms = median(race.find(({ name }) => name.includes('AudioDecode'))?.runs?.['ms'] ?? [])
      lines.push(
        check(
          `${seconds} s, ${model}: time`,
          `${ms.toFixed(0)} ms`,
          `≤ ${BAR_MS} ms`,
          ms <= BAR_MS,
        ),
      )
    }
    return lines
  },
}
