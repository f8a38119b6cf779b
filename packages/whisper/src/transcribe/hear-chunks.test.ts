import type { TranscribeOptions } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { byteTokenizer } from '../../test/support/byte-tokenizer.js'
import { said, SHORT_ATTEMPTS } from '../../test/support/short-attempts.js'
import type { SpeechModel, Window, WindowBeside } from '../engine/speech-model.js'
import { hearChunks } from './hear-chunks.js'
import type { HeardChunk } from './heard-chunk.js'
import { resolveOptions } from './options.js'
import type { AudioChunk } from './plan-chunks.js'

const found = (tokens: readonly number[]) => ({
  tokens,
  sum: -0.2 * tokens.length,
  score: -0.2,
  noSpeechProb: 0.01,
})

/** A model that encodes up to 10 s alone and hears these tokens in so many frames; what it was asked for. */
function modelThatHears(short: readonly number[], long: readonly number[]) {
  const asked: { frames: number; filled: number; temperature: number }[] = []
  const hear = async (window: WindowBeside): Promise<void> => {
    const { frames } = window
    const filled = (await window.mel()).length / 80
    const tokens = frames === 3000 ? long : short
    const note = (temperature: number) => {
      asked.push({ frames, filled, temperature })
      return found(tokens)
    }
    const lent = {
      generate: async ({ options }: { options: { temperature: number } }) =>
        note(options.temperature),
    } as unknown as Window
    const { options } = await window.begin(lent)
    await window.end(lent, note(options.temperature))
  }
  const model = {
    files: { config: { textContext: 448, suppressIdsBegin: [], mels: 80 } },
    framesFor: (frames: number) => (frames <= 1000 ? frames + 200 : 3000),
    withWindows: async (_: number, next: () => WindowBeside | undefined): Promise<void> => {
      for (let window = next(); window !== undefined; window = next()) await hear(window)
    },
  }
  return { model: model as unknown as SpeechModel, asked }
}

/** Hears chunks of so many seconds; their texts, in the order they were heard in. */
async function heard(
  model: SpeechModel,
  seconds: readonly number[],
  options: TranscribeOptions = {},
): Promise<readonly (readonly [index: number, text: string | undefined])[]> {
  const chunks = seconds.map((duration, index): AudioChunk => {
    return { index, offset: 0, duration, speech: [], samples: new Float32Array(16_000 * duration) }
  })
  const all: HeardChunk[] = []
  const hearing = {
    model,
    tokenizer: byteTokenizer,
    language: 'en',
    options: resolveOptions({ beamSize: 1, ...options }),
    most: 2,
    signal: new AbortController().signal,
  }
  const queue = { take: () => chunks.shift(), wait: () => Promise.resolve(chunks.length > 0) }
  await hearChunks(hearing, queue, (chunk) => all.push(chunk))
  return all.map(({ index, segments }) => [index, segments[0]?.text])
}

test('a chunk is encoded in as many frames as it needs, beside others that need more', async () => {
  const { model, asked } = modelThatHears(said(' ask not', 1), said(' what', 1))
  expect(await heard(model, [20, 3])).toEqual([
    [0, ' what'],
    [1, ' ask not'],
  ])
  expect(asked).toEqual([
    { frames: 3000, filled: 3000, temperature: 0 },
    { frames: 500, filled: 500, temperature: 0 },
  ])
})

test('what looks wrong then is heard again as a whole window, and told once', async () => {
  const { model, asked } = modelThatHears(said(' ask! ask! ask!', 1), said(' ask not', 1))
  expect(await heard(model, [3])).toEqual([[0, ' ask not']])
  expect(asked.map(({ frames }) => frames)).toEqual([500, 3000])
})

test.each(SHORT_ATTEMPTS)('$name', async ({ text, options, attempts }) => {
  const { model, asked } = modelThatHears(said(text, 1), said(text, 1))
  await heard(model, [3], options)
  expect(asked.map(({ frames, temperature }) => [frames, temperature])).toEqual(attempts)
})

test('exactly as faster-whisper a chunk is a whole window at once', async () => {
  const { model, asked } = modelThatHears(said(' wrong', 1), said(' ask not', 1))
  expect(await heard(model, [3], { shortAudio: 'exact' })).toEqual([[0, ' ask not']])
  expect(asked.map(({ frames }) => frames)).toEqual([3000])
})
