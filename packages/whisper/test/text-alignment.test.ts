import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test } from 'vitest'

import { compileModel } from '../src/compiler/compile-model.js'
import { openModel } from '../src/models/open-model.js'
import { readTokenizer } from '../src/tokenizer/read-tokenizer.js'
import { alignPlainly, alignTokens } from '../src/words/align-tokens.js'
import { findAlignment } from '../src/words/find-alignment.js'
import { numbers, openCompiled } from './support/compiled-sessions.js'
import { goldenMel } from './support/golden-models.js'
import { modelFolder } from './support/models.js'

type Golden = Readonly<
  Record<
    'base' | 'tiny.en',
    {
      readonly start: number[]
      readonly tokens: number[]
      readonly frames: number
      readonly rows: number[]
      readonly columns: number[]
      readonly probabilities: number[]
      readonly words: readonly [word: string, start: number, end: number, probability: number][]
    }
  >
>

/** From CTranslate2: reference/text-alignment.py. */
const golden = JSON.parse(
  readFileSync(new URL('golden/text-alignment.json', import.meta.url), 'utf8'),
) as Golden

describe.each(['tiny.en', 'base'] as const)('%s', { timeout: 60_000 }, (name) => {
  const folder = modelFolder(name)
  const expected = golden[name]

  test.skipIf(folder === undefined)(
    'aligns the words of a recording as CTranslate2 does',
    async () => {
      const attention = await attentionOf(folder ?? '')
      const range = { usedFrames: expected.frames >> 1, startLength: expected.start.length }
      const path = alignTokens(attention, range)
      for (const { rows, columns } of [path, alignPlainly(attention, range)]) {
        expect([...rows]).toEqual(expected.rows)
        expect([...columns]).toEqual(expected.columns)
      }

      const tokenizer = await readTokenizer(folder ?? '')
      const { tokens: textTokens, probabilities } = expected
      const words = findAlignment({ tokenizer, language: 'en', textTokens, probabilities, path })
      expect(words.map(({ word, start, end }) => [word, start, end])).toEqual(
        expected.words.map(([word, start, end]) => [word, start, end]),
      )
      for (const [at, { probability }] of words.entries()) {
        expect(probability).toBeCloseTo(expected.words[at]?.[3] ?? -1, 5)
      }
    },
  )

  /** What the alignment heads look at while the text is read. */
  async function attentionOf(source: string): Promise<Parameters<typeof alignTokens>[0]> {
    const directory = mkdtempSync(join(tmpdir(), 'audiodecode-alignment-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const model = await openModel(source)
    const files = await compileModel(model, { computeType: 'float32', directory })
    await model.close()
    const sessions = await openCompiled(files)
    onTestFinished(() => sessions.close())
    const cross = await sessions.encode(goldenMel(), 3000)
    const { eot } = files
    const noTimestamps = name === 'base' ? 50_363 : 50_362
    const ids = [...expected.start, noTimestamps, ...expected.tokens, eot]
    const decoded = await sessions.decode({ ids: [ids], cross })
    const frames = 1500
    const heads = files.config.alignmentHeads.map(([layer, head]) => {
      const size = ids.length * frames
      return numbers(decoded[`attention_${layer}`]).slice(head * size, (head + 1) * size)
    })
    return { heads, tokens: ids.length, frames }
  }
})
