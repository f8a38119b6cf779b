import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { BenchCase, Measurement } from '../bench-case.js'
import { cacheFolder } from '../cache-folder.js'
import { closing } from '../closing.js'
import { check, note } from '../report-lines.js'
import { pairedBootstrap } from '../speech/bootstrap.js'
import { speechCorpus } from '../speech/corpus.js'
import type { SpeechFile } from '../speech/corpus.js'
import { startFasterWhisper, startOurs } from '../speech/transcriber.js'
import type { Setup, Transcriber } from '../speech/transcriber.js'
import { fallbacksOf, textOf } from '../speech/transcript.js'
import { errorRate, wordErrors } from '../speech/word-errors.js'
import type { ErrorCount } from '../speech/word-errors.js'

const BAR_POINTS = 0.5
const MODES = [
  { name: 'greedy', beamSize: 1 },
  { name: 'beam 5', beamSize: 5 },
] as const

interface Side {
  readonly name: string
  readonly counts: readonly ErrorCount[]
  readonly fallbacks: number
}

/** W5: word error rates of both sides' int8 on the whole corpus. */
export const whisperAccuracy: BenchCase = {
  id: 'w5',
  title: 'word error rate of base int8 on three hours of speech, against faster-whisper int8',
  async run() {
    const corpus = await speechCorpus()
    // One thread each, at the same time: nothing is timed here.
    const setup: Setup = { computeType: 'int8', threads: 1 }
    const [ours, theirs] = [await startOurs(setup), await startFasterWhisper(setup)]
    await using _all = closing([ours, theirs])
    const minutes = corpus.reduce((sum, { seconds }) => sum + seconds, 0) / 60
    const lines: Measurement[] = [
      note('corpus', `${corpus.length} files, ${minutes.toFixed(1)} minutes`),
    ]
    for (const { name, beamSize } of MODES) {
      const sides = await listen(corpus, [ours, theirs], beamSize)
      lines.push(...report(name, corpus, sides))
    }
    return lines
  },
}

async function listen(
  corpus: readonly SpeechFile[],
  transcribers: readonly Transcriber[],
  beamSize: number,
): Promise<readonly Side[]> {
  const kept = join(await cacheFolder(), `whisper-int8-beam-${beamSize}.json`)
  const heard = transcribers.map(() => [] as { text: string; fallbacks: number }[])
  for (const [index, { name, samples, language }] of corpus.entries()) {
    const options = { language, beamSize, vad: false, batchSize: 1, shortAudio: 'exact' }
    const both = await Promise.all(
      transcribers.map((transcriber) => transcriber.transcribe([samples], options)),
    )
    for (const [side, { transcripts }] of both.entries()) {
      const [transcript] = transcripts
      heard[side]?.push({ text: textOf(transcript!), fallbacks: fallbacksOf(transcript!) })
    }
    // What was heard can be read, also of a run that was cut off.
    await writeFile(kept, JSON.stringify(heard))
    console.error(`beam ${beamSize}: ${name}, ${index + 1} of ${corpus.length}`)
  }
  return Promise.all(
    transcribers.map(async ({ name }, side) => {
      const texts = heard[side] ?? []
      const pairs = corpus.map(({ language, text }, index) => ({
        language,
        reference: text,
        hypothesis: texts[index]?.text ?? '',
      }))
      const fallbacks = texts.reduce((sum, one) => sum + one.fallbacks, 0)
      return { name, counts: await wordErrors(pairs), fallbacks }
    }),
  )
}

function report(
  mode: string,
  corpus: readonly SpeechFile[],
  sides: readonly Side[],
): readonly Measurement[] {
  const [ours, theirs] = sides
  const { points, low, high } = pairedBootstrap(ours!.counts, theirs!.counts)
  const groups = grouped(corpus.length, (index) => {
    const { language, condition } = corpus[index]!
    return language === 'en' ? condition : `language ${language}`
  })
  const rates = (indexes: readonly number[]): string =>
    sides
      .map(({ counts }) => errorRate(indexes.map((index) => counts[index]!)).toFixed(2))
      .join(' / ')
  return [
    ...sides.map(({ name, counts, fallbacks }) =>
      note(
        `${mode}: ${name}`,
        `WER ${errorRate(counts).toFixed(2)} % of ${counts.reduce((sum, { words }) => sum + words, 0)} words, ${fallbacks} fallbacks`,
      ),
    ),
    ...[...groups].map(([group, indexes]) =>
      note(`${mode}, ${group}: ours / theirs`, `${rates([...indexes])} %`),
    ),
    check(
      `${mode}: difference, paired bootstrap`,
      `${points.toFixed(2)} points (95 %: ${low.toFixed(2)} to ${high.toFixed(2)})`,
      `upper end ≤ ${BAR_POINTS}`,
      high <= BAR_POINTS,
    ),
  ]
}

/** The numbers below `length` by what `nameOf` calls them. */
function grouped(length: number, nameOf: (index: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  for (let index = 0; index < length; index++) {
    const name = nameOf(index)
    groups.set(name, [...(groups.get(name) ?? []), index])
  }
  return groups
}
