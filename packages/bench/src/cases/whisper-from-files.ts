import type { BenchCase, Measurement } from '../bench-case.js'
import { closing } from '../closing.js'
import { check, note } from '../report-lines.js'
import { pairedBootstrap } from '../speech/bootstrap.js'
import { speechCorpus } from '../speech/corpus.js'
import { encoded } from '../speech/long-speech.js'
import { startFasterWhisper, startOurs } from '../speech/transcriber.js'
import type { Heard, Setup } from '../speech/transcriber.js'
import { textOf } from '../speech/transcript.js'
import { errorRate, wordErrors } from '../speech/word-errors.js'
import type { Pair } from '../speech/word-errors.js'

const STEREO = ['-ar', '44100', '-ac', '2']
const FORMATS = [
  ['flac', STEREO],
  ['mp3', [...STEREO, '-b:a', '128k']],
] as const
const BAR_POINTS = 0.5

/** Word error rates of float32 from files that each side decodes, mixes and resamples itself. */
export const whisperFromFiles: BenchCase = {
  id: 'wff',
  title: 'float32 word errors from files, each side decoding and resampling by itself',
  async run() {
    const corpus = (await speechCorpus()).filter(({ varied }) => varied)
    // One thread each, at the same time: nothing is timed here.
    const setup: Setup = { computeType: 'float32', threads: 1 }
    const [ours, theirs] = [await startOurs(setup), await startFasterWhisper(setup)]
    await using _all = closing([ours, theirs])
    const lines: Measurement[] = []
    for (const [extension, args] of FORMATS) {
      const pairs: [Pair[], Pair[]] = [[], []]
      let equal = 0
      for (const { name, samples, language, text } of corpus) {
        const file = await encoded(samples, extension, args)
        const options = {
          language,
          beamSize: 1,
          vad: false,
          batchSize: 1,
          temperature: 0,
          shortAudio: 'exact',
        }
        const texts = await Promise.all(
          [ours, theirs].map(async ({ engine }) => {
            const { transcripts } = await engine.call<Heard>('transcribeEncoded', { file, options })
            return textOf(transcripts[0]!)
          }),
        )
        for (const [side, hypothesis] of texts.entries()) {
          pairs[side]?.push({ language, reference: text, hypothesis })
        }
        if (texts[0] === texts[1]) equal++
        console.error(`${extension}: ${name} ${texts[0] === texts[1] ? 'equal' : 'differs'}`)
      }
      const [our, their] = [await wordErrors(pairs[0]), await wordErrors(pairs[1])]
      const { points, low, high } = pairedBootstrap(our, their)
      const rates = [our, their].map((counts) => `${errorRate(counts).toFixed(2)} %`).join(' / ')
      lines.push(
        note(`${extension}: texts that are equal`, `${equal} of ${corpus.length}`),
        check(
          `${extension}: WER ours / theirs`,
          `${rates}, difference ${points.toFixed(2)} points (95 %: ${low.toFixed(2)} to ${high.toFixed(2)})`,
          `difference within ${BAR_POINTS} points`,
          Math.abs(points) <= BAR_POINTS,
        ),
      )
    }
    return lines
  },
}
