import { availableParallelism } from 'node:os'

import type { BenchCase, Measurement } from '../bench-case.js'
import { closing } from '../closing.js'
import { interleave } from '../interleave.js'
import { check, note, timeLine } from '../report-lines.js'
import { firstDifference } from '../speech/first-difference.js'
import { longSpeechHalves } from '../speech/long-speech.js'
import { startOurs } from '../speech/transcriber.js'

/** At temperature 0 alone, so that nothing is drawn. */
const SAME = { language: 'en', temperature: 0, shortAudio: 'exact' } as const
const MODES = [
  { name: 'greedy', options: { ...SAME, beamSize: 1, vad: false, batchSize: 1 } },
  { name: 'beam 5', options: { ...SAME, beamSize: 5, vad: false, batchSize: 1 } },
  { name: 'batched', options: { ...SAME, beamSize: 1, vad: true, batchSize: 8 } },
] as const

/** A graphics card in half precision against this processor: the same tokens as float32, and in which time. */
export const whisperCard: BenchCase = {
  id: 'wg',
  title: 'Whisper on a graphics card, beside the processor',
  async run({ runs }) {
    const [{ samples }] = await longSpeechHalves()
    const card = await startOurs({ computeType: 'auto', device: 'auto' })
    await using _card = closing([card])
    const { runtime } = card
    if (runtime?.device !== 'cuda') return [note('no card was used', runtime?.reason ?? '')]
    const threads = availableParallelism()
    const [exact, quick] = [
      await startOurs({ computeType: 'float32', threads }),
      await startOurs({ computeType: 'int8', threads }),
    ]
    await using _others = closing([exact, quick])
    const lines: Measurement[] = []
    for (const { name, options } of MODES) {
      const heard = async (engine: typeof card) => engine.transcribe([samples], options)
      const [ours] = (await heard(card)).transcripts
      const [theirs] = (await heard(exact)).transcripts
      const difference = firstDifference(ours!, theirs!)
      const times = await interleave(
        [
          { name: `card, ${runtime.computeType}`, time: async () => (await heard(card)).ms },
          { name: 'processor, int8', time: async () => (await heard(quick)).ms },
        ],
        runs,
      )
      lines.push(
        ...times.map((timed) => timeLine(name, timed)),
        check(
          `${name}: tokens against float32 on the processor`,
          difference === null ? 'equal' : JSON.stringify(difference),
          'equal',
          difference === null,
        ),
      )
    }
    return lines
  },
}
