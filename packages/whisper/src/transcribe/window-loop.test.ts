import type { TranscribeOptions } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { byteTokenizer } from '../../test/support/byte-tokenizer.js'
import { said, SHORT_ATTEMPTS } from '../../test/support/short-attempts.js'
import type { SpeechModel, Window } from '../engine/speech-model.js'
import { melWindows } from './mel.js'
import { resolveOptions } from './options.js'
import { transcribeWindows } from './window-loop.js'

const FAST = { shortAudio: 'fast' } as const

/** A model that hears these tokens in so many frames, and the lengths and temperatures that it was asked for. */
function modelThatHears(short: readonly number[], long: readonly number[]) {
  const asked: { frames: number; filled: number; temperature: number }[] = []
  const config = { textContext: 448, suppressIdsBegin: [] }
  const model = {
    files: { config },
    framesFor: () => 500,
    withWindow: <T>(
      mel: Float32Array,
      frames: number,
      _: AbortSignal,
      work: (window: Window) => Promise<T>,
    ): Promise<T> =>
      work({
        generate: async (...given: unknown[]) => {
          const { temperature } = (given[3] ?? (given[0] as { options: unknown }).options) as {
            temperature: number
          }
          asked.push({ frames, filled: mel.length / 80, temperature })
          const tokens = frames === 3000 ? long : short
          return { tokens, sum: -0.2 * tokens.length, score: -0.2, noSpeechProb: 0.01 }
        },
      } as unknown as Window),
  }
  return { model: model as unknown as SpeechModel, asked }
}

async function textsOf(model: SpeechModel, given: TranscribeOptions): Promise<string[]> {
  const texts: string[] = []
  const speech = {
    model,
    tokenizer: byteTokenizer,
    mel: melWindows({ data: new Float32Array(80 * 201), mels: 80, frames: 201 }),
    language: 'en',
    options: resolveOptions({ ...given, beamSize: 1 }),
    signal: new AbortController().signal,
    onFrames: () => {},
  }
  for await (const { text } of transcribeWindows(speech)) texts.push(text)
  return texts
}

test('short audio is encoded alone, once', async () => {
  const { model, asked } = modelThatHears(said(' ask not', 2), said(' wrong', 2))
  expect(await textsOf(model, FAST)).toEqual([' ask not'])
  expect(asked).toEqual([{ frames: 500, filled: 500, temperature: 0 }])
})

test('what looks wrong then is heard again as a whole window', async () => {
  const { model, asked } = modelThatHears(said(' ask! ask! ask!', 2), said(' ask not', 2))
  expect(await textsOf(model, FAST)).toEqual([' ask not'])
  expect(asked.map(({ frames }) => frames)).toEqual([500, 3000])
})

test.each(SHORT_ATTEMPTS)('$name', async ({ text, options, attempts }) => {
  const { model, asked } = modelThatHears(said(text, 2), said(text, 2))
  await textsOf(model, { ...FAST, ...options })
  expect(asked.map(({ frames, temperature }) => [frames, temperature])).toEqual(attempts)
})

test('exactly as faster-whisper it is a whole window at once', async () => {
  const { model, asked } = modelThatHears(said(' wrong', 2), said(' ask not', 2))
  expect(await textsOf(model, { shortAudio: 'exact' })).toEqual([' ask not'])
  expect(asked).toEqual([{ frames: 3000, filled: 3000, temperature: 0 }])
})
