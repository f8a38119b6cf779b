import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { compileModel } from '../src/compiler/compile-model.js'
import type { CompiledFiles } from '../src/compiler/compiled-files.js'
import type { ComputeType } from '../src/compiler/compute-type.js'
import { openModel } from '../src/models/open-model.js'
import { numbers, openCompiled, wholeNumbers } from './support/compiled-sessions.js'
import type { CompiledSessions, Step } from './support/compiled-sessions.js'
import { goldenMel, goldenModel, relativeRms } from './support/golden-models.js'
import { modelFolder } from './support/models.js'

const FRAMES = 3000
const MOST_TOKENS = 60
/** Digits behind the point in which mean log probabilities are equal. */
const DIGITS: Readonly<Record<ComputeType, number>> = { float32: 4, float16: 2, int8: 1 }
const mel = goldenMel()

describe.each(['tiny.en', 'base'] as const)('%s', { timeout: 60_000 }, (name) => {
  const source = modelFolder(name)
  const missing = source === undefined
  const golden = goldenModel(name)
  const { prompt, tokens } = golden.decoder
  const temporary = mkdtempSync(join(tmpdir(), 'audiodecode-compiled-'))
  const files = {} as Record<ComputeType, CompiledFiles>
  const sessions = {} as Record<ComputeType, CompiledSessions>
  // Half precision is the same arithmetic in both.
  const kinds: readonly ComputeType[] =
    name === 'tiny.en' ? ['float32', 'int8', 'float16'] : ['float32', 'int8']
  const sound = {} as Record<ComputeType, Awaited<ReturnType<CompiledSessions['encode']>>>

  beforeAll(async () => {
    if (source === undefined) return
    const model = await openModel(source)
    for (const computeType of kinds) {
      const directory = join(temporary, computeType)
      files[computeType] = await compileModel(model, { computeType, directory })
      sessions[computeType] = await openCompiled(files[computeType])
      sound[computeType] = await sessions[computeType].encode(mel, FRAMES)
    }
    await model.close()
  }, 120_000)

  afterAll(async () => {
    for (const session of Object.values(sessions)) await session.close()
    rmSync(temporary, { recursive: true, force: true })
  })

  test.skipIf(missing)('the encoder gives what CTranslate2 gives', () => {
    const { positions, step_of_width: step, values } = golden.encoder
    const { width } = files.float32.config
    const hidden = numbers(sound.float32.hidden)
    const sampled = positions.flatMap((position) =>
      Array.from(
        { length: Math.ceil(width / step) },
        (_, at) => hidden[position * width + at * step]!,
      ),
    )
    expect(relativeRms(sampled, values)).toBeLessThan(2e-5)
  })

  test.skipIf(missing)('the int8 encoder is nearer to float32 than that of CTranslate2', () => {
    const distance = relativeRms(numbers(sound.int8.hidden), numbers(sound.float32.hidden))
    // Every 64 activations have a scale of their own; there, a row of 512 or 2,048.
    expect(distance).toBeLessThan(0.6 * golden.encoder.int8_relative_rms)
  })

  test.skipIf(missing)('the decoder gives the scores that CTranslate2 gives', async () => {
    const {
      logits,
      text_values: best,
      text_ids: bestIds,
    } = await decode('float32', [[...prompt, ...tokens]])
    const { vocabulary, endOfText } = files.float32.config
    const rows = numbers(logits)
    for (const [at, expected] of golden.decoder.logits.entries()) {
      const row = rows.subarray(
        (prompt.length - 1 + at) * vocabulary,
        (prompt.length + at) * vocabulary,
      )
      const sampled = golden.decoder.sampled_tokens.map((id) => row[id]!)
      expect(relativeRms(sampled, expected)).toBeLessThan(2e-5)
      expect(row.indexOf(row.reduce((most, value) => Math.max(most, value)))).toBe(
        golden.decoder.best[at],
      )
      const logSum = Math.log(row.reduce((total, value) => total + Math.exp(value), 0))
      const likeliest = row[golden.decoder.best[at]!]! - logSum
      expect(likeliest).toBeCloseTo(golden.decoder.best_log_probabilities[at]!, 4)
      if (golden.decoder.best[at]! >= endOfText) continue
      expect(wholeNumbers(bestIds)[prompt.length - 1 + at]).toBe(golden.decoder.best[at])
      expect(numbers(best)[prompt.length - 1 + at]).toBe(row[golden.decoder.best[at]!])
    }
  })

  test.skipIf(missing)('text tokens get the probabilities of a word alignment', async () => {
    const { text_log_sum: sums, logits } = await decode('float32', [[...prompt, ...tokens]])
    const { vocabulary } = files.float32.config
    const probabilities = tokens.map((id, at) => {
      const position = prompt.length - 1 + at
      return Math.exp(numbers(logits)[position * vocabulary + id]! - numbers(sums)[position]!)
    })
    // CTranslate2 takes this softmax in single precision over a model run of its own.
    expect(relativeRms(probabilities, golden.decoder.text_token_probabilities)).toBeLessThan(1e-3)
  })

  test.skipIf(missing)('step by step with the cache the scores are those of one pass', async () => {
    const all = [...prompt, ...tokens]
    const { logits } = await decode('float32', [all])
    const { vocabulary } = files.float32.config
    const past = [await decode('float32', [prompt])]
    for (const [at, id] of tokens.entries()) {
      const step = await decode('float32', [[id]], { past })
      const position = prompt.length + at
      const expected = numbers(logits).subarray(position * vocabulary, (position + 1) * vocabulary)
      expect(relativeRms(numbers(step.logits), expected)).toBeLessThan(1e-4)
      past.push(step)
    }
  })

  test.skipIf(missing)(
    'beams over one audio get the scores of beams that each have their own',
    async () => {
      const reversed = tokens.toReversed()
      const beams = [tokens, reversed, tokens.map((id) => id - 1)].map((row) => [...prompt, ...row])
      const frames = 400
      const window = goldenMel(frames)
      const one = await sessions.float32.encode(window, frames)
      const three = await sessions.float32.encode(
        Float32Array.from([...window, ...window, ...window]),
        frames,
        beams.length,
      )
      const wanted = [prompt.length, prompt.length + 9]
      const folded = await decode('float32', beams, { wanted, cross: one })
      const apart = await decode('float32', beams, { wanted, cross: three })
      expect(relativeRms(numbers(folded.logits), numbers(apart.logits))).toBeLessThan(1e-5)
    },
  )

  test.skipIf(missing).each(kinds)(
    '%s chooses the tokens that CTranslate2 chooses',
    async (computeType) => {
      const { suppressIds, suppressIdsBegin } = files[computeType].config
      const { eot } = files[computeType]
      const chosen: number[] = []
      const past: Awaited<ReturnType<CompiledSessions['decode']>>[] = []
      let score = 0
      for (let next: readonly number[] = prompt; chosen.length < MOST_TOKENS;) {
        const suppressed = chosen.length === 0 ? [...suppressIds, ...suppressIdsBegin] : suppressIds
        const out = await decode(computeType, [next], {
          past,
          suppressed,
          wanted: [next.length - 1],
        })
        past.push(out)
        const special = Array.from(numbers(out.tail), (value, at) =>
          suppressed.includes(eot + at) ? -Infinity : value,
        )
        const likeliest = Math.max(numbers(out.text_values)[0]!, special[0]!)
        const sum = special.reduce((total, value) => total + Math.exp(value), 0)
        score += likeliest - Math.log(sum + Math.exp(numbers(out.text_log_sum)[0]!))
        if (likeliest === special[0]) break
        next = [wholeNumbers(out.text_ids)[0]!]
        chosen.push(...next)
      }
      const expected = golden.greedy[computeType === 'int8' ? 'int8' : 'float32']
      expect(score / chosen.length).toBeCloseTo(expected.score, DIGITS[computeType])
      // Two ways to round to int8 may differ in a comma.
      if (computeType !== 'int8') expect(chosen).toEqual(expected.tokens)
    },
  )

  async function decode(
    computeType: ComputeType,
    ids: Step['ids'],
    rest: Partial<Step> = {},
  ): ReturnType<CompiledSessions['decode']> {
    return sessions[computeType].decode({ ids, cross: sound[computeType], ...rest })
  }
})
