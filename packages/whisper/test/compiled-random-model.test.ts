import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import ort from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { compileModel } from '../src/compiler/compile-model.js'
import type { CompileOptions } from '../src/compiler/compile-model.js'
import { openModel } from '../src/models/open-model.js'
import { numbers, openCompiled, wholeNumbers } from './support/compiled-sessions.js'
import type { CompiledSessions } from './support/compiled-sessions.js'
import { relativeRms } from './support/golden-models.js'
import { NaiveWhisper } from './support/naive-whisper.js'
import { randomConfig, randomWeights, writeRandomModel } from './support/random-model.js'

const folder = mkdtempSync(join(tmpdir(), 'audiodecode-compiled-'))
const FRAMES = 60
const bands = Array.from({ length: randomConfig.mels }, (_, band) =>
  Array.from({ length: FRAMES }, (__, frame) => Math.fround(Math.sin(band * 1.7 + frame * 0.9))),
)
const mel = Float32Array.from(bands.flat())
const ids = [41, 42, 7, 30, 12, 3]
const naive = new NaiveWhisper(randomConfig, randomWeights())
const sound = naive.encode(bands)
const expected = naive.decode(ids, sound)

const sessions = {} as Record<'float32' | 'float16' | 'int8', CompiledSessions>

beforeAll(async () => {
  const model = await openModel(writeRandomModel(join(folder, 'model')))
  const opened = async (options: Omit<CompileOptions, 'directory'>): Promise<CompiledSessions> => {
    const directory = join(folder, options.computeType)
    return openCompiled(await compileModel(model, { ...options, directory }))
  }
  sessions.float32 = await opened({ computeType: 'float32' })
  sessions.float16 = await opened({ computeType: 'float16' })
  sessions.int8 = await opened({ computeType: 'int8' })
  await model.close()
})

afterAll(async () => {
  for (const session of Object.values(sessions)) await session.close()
  rmSync(folder, { recursive: true, force: true })
})

test('the encoder computes what the definition of Whisper says, for a window of any even length', async () => {
  const { hidden, cross_k_1: keys } = await sessions.float32.encode(mel, FRAMES)
  expect(hidden!.dims).toEqual([1, FRAMES / 2, randomConfig.width])
  expect(relativeRms(numbers(hidden), sound.flat())).toBeLessThan(1e-5)
  expect(keys!.dims).toEqual([1, randomConfig.heads, 64, FRAMES / 2])
})

test('the decoder computes what the definition of Whisper says', async () => {
  const { float32 } = sessions
  const { logits, attention_0, attention_1 } = await float32.decode({
    ids: [ids],
    cross: await float32.encode(mel, FRAMES),
  })
  expect(relativeRms(numbers(logits), expected.logits.flat())).toBeLessThan(1e-5)
  expect(relativeRms(numbers(attention_0), expected.attention[0]!.flat(2))).toBeLessThan(1e-5)
  expect(relativeRms(numbers(attention_1), expected.attention[1]!.flat(2))).toBeLessThan(1e-5)
})

test('token by token with the cache it gives what all tokens at once give', async () => {
  const { float32 } = sessions
  const cross = await float32.encode(mel, FRAMES)
  const past = [await float32.decode({ ids: [ids.slice(0, 2)], cross })]
  for (const [at, id] of ids.slice(2).entries()) {
    const step = await float32.decode({ ids: [[id]], cross, past })
    expect(relativeRms(numbers(step.logits), expected.logits[at + 2]!)).toBeLessThan(1e-5)
    past.push(step)
  }
})

test('several rows keep their own keys and values from token to token', async () => {
  const { float32 } = sessions
  const cross = await float32.encode(mel, FRAMES)
  const rows = [ids, ids.toReversed(), ids.map((id) => id - 3)]
  const past = [await float32.decode({ ids: rows.map((row) => row.slice(0, 2)), cross })]
  for (let at = 2; at < ids.length; at++) {
    past.push(await float32.decode({ ids: rows.map((row) => [row[at]!]), cross, past }))
  }
  const last = rows.flatMap((row) => naive.decode(row, sound).logits.at(-1)!)
  expect(relativeRms(numbers(past.at(-1)!.logits), last)).toBeLessThan(1e-5)
})

test('rows that share one audio get what each of them gets alone', async () => {
  const { float32 } = sessions
  const cross = await float32.encode(mel, FRAMES)
  const rows = [ids, ids.toReversed(), ids.map((id) => id - 3)]
  const together = await float32.decode({ ids: rows, cross })
  const size = ids.length * randomConfig.vocabulary
  const attentionSize = ids.length * (FRAMES / 2)
  for (const [row, tokens] of rows.entries()) {
    const alone = naive.decode(tokens, sound)
    const scores = numbers(together.logits).subarray(row * size, (row + 1) * size)
    expect(relativeRms(scores, alone.logits.flat())).toBeLessThan(1e-5)
    // Rows × tokens stand one after the other in each head.
    const head = numbers(together.attention_1).subarray(0, rows.length * attentionSize)
    const weights = head.subarray(row * attentionSize, (row + 1) * attentionSize)
    expect(relativeRms(weights, alone.attention[1]![0]!.flat())).toBeLessThan(1e-5)
  }
})

test('rows of different audio are encoded and decoded together', async () => {
  const { float32 } = sessions
  const other = bands.map((row) => row.toReversed())
  const cross = await float32.encode(Float32Array.from([...mel, ...other.flat()]), FRAMES, 2)
  const { logits } = await float32.decode({ ids: [ids, ids], cross })
  const expectedBoth = [
    ...expected.logits.flat(),
    ...naive.decode(ids, naive.encode(other)).logits.flat(),
  ]
  expect(relativeRms(numbers(logits), expectedBoth)).toBeLessThan(1e-5)
})

test('the best text, the sum over text and the special tokens come apart from all scores', async () => {
  const { float32 } = sessions
  const cross = await float32.encode(mel, FRAMES)
  const suppressed = [5, 17, 33]
  const wanted = [1, 4]
  const out = await float32.decode({ ids: [ids], cross, wanted, suppressed, top: 3 })
  const { endOfText } = randomConfig
  for (const [at, position] of wanted.entries()) {
    const scores = expected.logits[position]!
    const text = scores
      .slice(0, endOfText)
      .map((score, id) => ({ id, score }))
      .filter(({ id }) => !suppressed.includes(id))
    const best = text.toSorted((a, b) => b.score - a.score).slice(0, 3)
    expect(wholeNumbers(out.text_ids).slice(at * 3, at * 3 + 3)).toEqual(best.map(({ id }) => id))
    best.forEach(({ score }, rank) =>
      expect(numbers(out.text_values)[at * 3 + rank]).toBeCloseTo(score, 4),
    )
    const sum = Math.log(text.reduce((total, { score }) => total + Math.exp(score), 0))
    expect(numbers(out.text_log_sum)[at]).toBeCloseTo(sum, 4)
    const tail = numbers(out.tail).subarray(
      at * (scores.length - endOfText),
      (at + 1) * (scores.length - endOfText),
    )
    expect(relativeRms(tail, scores.slice(endOfText))).toBeLessThan(1e-5)
  }
})

test('float16 stays closer to float32 than int8 does', async () => {
  const cross = await sessions.float16.encode(mel, FRAMES)
  const { logits } = await sessions.float16.decode({ ids: [ids], cross })
  const distances = [
    relativeRms(numbers(cross.hidden), sound.flat()),
    relativeRms(numbers(logits), expected.logits.flat()),
  ]
  for (const distance of distances) {
    // Numbers of 11 bits, through two layers.
    expect(distance).toBeLessThan(2 ** -9)
    expect(distance).toBeGreaterThan(2 ** -13)
  }
})

test('int8 stays close to float32', async () => {
  const { int8 } = sessions
  const cross = await int8.encode(mel, FRAMES)
  expect(relativeRms(numbers(cross.hidden), sound.flat())).toBeLessThan(0.03)
  const { logits, attention_1 } = await int8.decode({ ids: [ids], cross })
  expect(relativeRms(numbers(logits), expected.logits.flat())).toBeLessThan(0.05)
  expect(relativeRms(numbers(attention_1), expected.attention[1]!.flat(2))).toBeLessThan(0.05)
})

test('audio encoded alone, lent the padding behind it, is what it is in its window', async () => {
  const { float32 } = sessions
  // A window of nothing but padding, so that what is lent is right but for the seam of the convolutions.
  const silence = new Float32Array(randomConfig.mels * FRAMES)
  const whole = await float32.encode(silence, FRAMES)
  const own = FRAMES / 4
  const { width } = randomConfig
  const behind = (name: string): ort.Tensor => {
    const states = numbers(whole[name]).slice(own * width)
    return new ort.Tensor('float32', states, [1, FRAMES / 2 - own, width])
  }
  const padding = Object.fromEntries(
    [0, 1].flatMap((layer) =>
      ['k', 'v'].map((kind) => [`padding_${kind}_${layer}`, behind(`encoder_${kind}_${layer}`)]),
    ),
  )
  const expectedHidden = numbers(whole.hidden).subarray(0, (own - 1) * width)
  const alone = async (lent?: typeof padding): Promise<number> => {
    const { hidden } = await float32.encode(
      silence.subarray(0, silence.length / 2),
      2 * own,
      1,
      lent,
    )
    return relativeRms(numbers(hidden).subarray(0, (own - 1) * width), expectedHidden)
  }
  expect(await alone(padding)).toBeLessThan(1e-3)
  expect(await alone()).toBeGreaterThan(0.02)
})
