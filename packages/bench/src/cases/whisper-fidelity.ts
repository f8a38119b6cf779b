import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { BenchCase, Measurement } from '../bench-case.js'
import { cacheFolder } from '../cache-folder.js'
import { closing } from '../closing.js'
import { check, note } from '../report-lines.js'
import { speechCorpus } from '../speech/corpus.js'
import { firstDifference } from '../speech/first-difference.js'
import type { Difference } from '../speech/first-difference.js'
import { startFasterWhisper, startOurs } from '../speech/transcriber.js'
import type { Heard, Setup } from '../speech/transcriber.js'
import { textOf, tokensOf } from '../speech/transcript.js'
import type { Transcript } from '../speech/transcript.js'

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

/** Tokens of float32 against faster-whisper's on the same samples. */
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
    const kept = join(await cacheFolder(), 'whisper-differences.json')
    const differences: Found[] = []
    for (const { name, options } of MODES) {
      let tokens = 0
      const before = differences.length
      for (const file of corpus) {
        const asked = { ...options, language: file.language, shortAudio: 'exact' }
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
        // At once, so that a run that is cut off leaves what it found.
        await writeFile(kept, JSON.stringify(differences, null, 1))
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
    return lines
  },
}

async function only(heard: Promise<Heard>): Promise<Transcript> {
  const { transcripts } = await heard
  return transcripts[0]!
}
