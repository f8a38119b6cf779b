import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { BenchCase, Measurement } from '../bench-case.js'
import { cacheFolder } from '../cache-folder.js'
import { closing } from '../closing.js'
import { check, note } from '../report-lines.js'
import { speechCorpus } from '../speech/corpus.js'
import { firstDifference } from '../speech/first-difference.js'
import type { Difference } from '../speech/first-difference.js'
import { encoded } from '../speech/long-speech.js'
import { startFasterWhisper, startOurs } from '../speech/transcriber.js'
import type { Heard, Setup, Transcriber } from '../speech/transcriber.js'
import { textOf, tokensOf } from '../speech/transcript.js'
import type { Transcript } from '../speech/transcript.js'
import { errorRate, wordErrors } from '../speech/word-errors.js'

/** At temperature 0 alone: above it each side draws random numbers of its own. */
const MODES = [
  { name: 'greedy', options: { beamSize: 1, vad: false, batchSize: 1, temperature: 0 } },
  { name: 'beam 5', options: { beamSize: 5, vad: false, batchSize: 1, temperature: 0 } },
  {
    name: 'batched',
    options: { beamSize: 1, vad: true, batchSize: 8, temperature: 0, withoutTimestamps: true },
  },
] as const

interface Found extends Difference {
  readonly file: string
  readonly mode: string
  readonly ourText: string
  readonly theirText: string
  /** Log probabilities of both tokens behind what both have before them, by CTranslate2 in float32. */
  readonly margin?: unknown
}

/** Tokens of float32 against faster-whisper's on the same samples, and word error rates from files. */
export const whisperFidelity: BenchCase = {
  id: 'wf',
  title: 'float32 tokens against faster-whisper float32 on ten minutes of varied speech',
  async run() {
    const corpus = (await speechCorpus()).filter(({ varied }) => varied)
    // One thread each, at the same time: nothing is timed here.
    const setup: Setup = { computeType: 'float32', threads: 1 }
    const [ours, theirs] = [await startOurs(setup), await startFasterWhisper(setup)]
    await using _all = closing([ours, theirs])
    const seconds = corpus.reduce((sum, file) => sum + file.seconds, 0)
    const lines: Measurement[] = [
      note('varied speech', `${corpus.length} files, ${(seconds / 60).toFixed(1)} minutes`),
    ]
    const differences: Found[] = []
    for (const { name, options } of MODES) {
      let tokens = 0
      const before = differences.length
      for (const file of corpus) {
        const asked = { ...options, language: file.language }
        const [left, right] = await Promise.all([
          only(ours.transcribe([file.samples], asked)),
          only(theirs.transcribe([file.samples], asked)),
        ])
        tokens += tokensOf(right).length
        const difference = firstDifference(left, right)
        console.error(`${name}: ${file.name} ${difference === null ? 'equal' : 'differs'}`)
        if (difference === null) continue
        const margin = await theirs.engine.call('margin', {
          file: file.samples,
          options: asked,
          ...difference,
        })
        const texts = { ourText: textOf(left), theirText: textOf(right) }
        differences.push({ file: file.name, mode: name, ...difference, ...texts, margin })
      }
      const differing = differences.length - before
      lines.push(
        check(
          `${name}: files whose tokens differ`,
          `${differing} of ${corpus.length} (${tokens} tokens)`,
          '0',
          differing === 0,
        ),
      )
    }
    for (const { mode, file, ...one } of differences) {
      lines.push(note(`${mode}, ${file}`, JSON.stringify(one)))
    }
    await writeFile(
      join(await cacheFolder(), 'whisper-differences.json'),
      JSON.stringify(differences, null, 1),
    )
    return [...lines, ...(await fromFiles(ours, theirs))]
  },
}

async function only(heard: Promise<Heard>): Promise<Transcript> {
  const { transcripts } = await heard
  return transcripts[0]!
}

/** The same speech as files that each side decodes and resamples itself. */
async function fromFiles(ours: Transcriber, theirs: Transcriber): Promise<readonly Measurement[]> {
  const corpus = (await speechCorpus()).filter(({ varied }) => varied)
  const lines: Measurement[] = []
  for (const [extension, args] of [
    ['flac', ['-ar', '44100', '-ac', '2']],
    ['mp3', ['-ar', '44100', '-ac', '2', '-b:a', '128k']],
  ] as const) {
    const rates: number[] = []
    for (const { engine } of [ours, theirs]) {
      const pairs = []
      for (const { samples, language, text } of corpus) {
        const file = await encoded(samples, extension, args)
        const options = { language, ...MODES[0].options }
        const heard = await only(engine.call<Heard>('transcribeEncoded', { file, options }))
        pairs.push({ language, reference: text, hypothesis: textOf(heard) })
      }
      rates.push(errorRate(await wordErrors(pairs)))
    }
    const [our, their] = rates.map((rate) => `${rate.toFixed(2)} %`)
    lines.push(
      note(`${extension}, 44.1 kHz stereo, greedy: WER ours / theirs`, `${our} / ${their}`),
    )
  }
  return lines
}
