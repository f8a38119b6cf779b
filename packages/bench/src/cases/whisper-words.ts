import type { BenchCase } from '../bench-case.js'
import { closing } from '../closing.js'
import type { Contender } from '../interleave.js'
import { interleave } from '../interleave.js'
import { check, note, timeLine } from '../report-lines.js'
import { longSpeechHalves } from '../speech/long-speech.js'
import { startFasterWhisper, startOurs } from '../speech/transcriber.js'
import { misplacedWords, startDistances, wordsOf } from '../speech/word-distances.js'
import { median, pairedRatios, quantile, spread } from '../statistics.js'

const BAR_COST = 10
const BAR_MS = 40
const OPTIONS = {
  language: 'en',
  beamSize: 1,
  vad: false,
  batchSize: 1,
  temperature: 0,
  shortAudio: 'exact',
}

/** W7: the price of word timestamps, and how near they are to faster-whisper's. */
export const whisperWords: BenchCase = {
  id: 'w7',
  title: 'word timestamps: cost, and distance from those of faster-whisper',
  async run({ runs }) {
    const [{ samples }] = await longSpeechHalves()
    const [quick, exact, peer] = [
      await startOurs({ computeType: 'int8' }),
      await startOurs({ computeType: 'float32' }),
      await startFasterWhisper({ computeType: 'float32' }),
    ]
    await using _all = closing([quick, exact, peer])
    const timing = (name: string, wordTimestamps: boolean): Contender => ({
      name,
      time: async () => (await quick.transcribe([samples], { ...OPTIONS, wordTimestamps })).ms,
    })
    const times = await interleave([timing('with words', true), timing('without', false)], runs)
    const [withWords = [], without = []] = times.map(({ ms }) => ms)
    const cost = pairedRatios(withWords, without).map((ratio) => 100 * (ratio - 1))
    const { median: middle, min, max } = spread(cost)
    const asked = { ...OPTIONS, wordTimestamps: true }
    const [ours] = (await exact.transcribe([samples], asked)).transcripts
    const [theirs] = (await peer.transcribe([samples], asked)).transcripts
    const distances = startDistances(ours!, theirs!)
    const misplaced = misplacedWords(ours!)
    return [
      ...times.map((timed) => timeLine('int8 greedy', timed)),
      check(
        'cost of words',
        `${middle.toFixed(1)} % (${min.toFixed(1)} to ${max.toFixed(1)})`,
        `≤ ${BAR_COST} %`,
        middle <= BAR_COST,
      ),
      check(
        'float32: starts of words, distance from faster-whisper',
        `median ${median(distances).toFixed(0)} ms, 95 % within ${quantile(distances, 0.95).toFixed(0)} ms, all within ${Math.max(...distances).toFixed(0)} ms`,
        `median ≤ ${BAR_MS} ms`,
        median(distances) <= BAR_MS,
      ),
      note(
        'float32: words that both have',
        `${distances.length} of ${wordsOf(ours!).length} and ${wordsOf(theirs!).length}`,
      ),
      check(
        'float32: words that start before the last one or lie outside their segment',
        `${misplaced} (faster-whisper: ${misplacedWords(theirs!)})`,
        '0',
        misplaced === 0,
      ),
    ]
  },
}
