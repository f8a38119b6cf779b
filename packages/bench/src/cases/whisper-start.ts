import type { BenchCase } from '../bench-case.js'
import { interleave } from '../interleave.js'
import { check, timeLine } from '../report-lines.js'
import { startFasterWhisper, startOurs } from '../speech/transcriber.js'
import type { Setup, Transcriber } from '../speech/transcriber.js'
import { median } from '../statistics.js'

const BAR_MS = 600
const SETUP: Setup = { computeType: 'int8' }

/** W9: loading a model that has been compiled before, in a fresh process each time. */
export const whisperStart: BenchCase = {
  id: 'w9',
  title: 'second start of base int8: the model is compiled and cached',
  async run({ runs }) {
    const load = async (start: (setup: Setup) => Promise<Transcriber>): Promise<number> => {
      await using one = await start(SETUP)
      return one.loadMs
    }
    const times = await interleave(
      [
        { name: 'AudioDecode', time: async () => load(startOurs) },
        { name: 'faster-whisper', time: async () => load(startFasterWhisper) },
      ],
      runs,
    )
    const ms = median(times[0]?.ms ?? [])
    return [
      ...times.map((timed) => timeLine('load', timed)),
      check('AudioDecode: load', `${ms.toFixed(0)} ms`, `≤ ${BAR_MS} ms`, ms <= BAR_MS),
    ]
  },
}
