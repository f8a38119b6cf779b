import { expect, test } from 'vitest'

import { closeTranscribers, registerTranscriber, transcribe } from './index.js'
import type { TranscriptionEngine, TranscriptionResult } from './index.js'

const samples = { samples: new Float32Array(16), sampleRate: 16_000 }

const result: TranscriptionResult = {
  text: 'ask not',
  segments: [],
  language: 'en',
  languageProbability: 1,
  durationSeconds: 0.001,
  speechSeconds: 0.001,
  report: null,
}

test('without an engine the error says what to install', async () => {
  await expect(transcribe(samples)).rejects.toMatchObject({
    code: 'ERR_NO_BACKEND',
    message: expect.stringContaining('npm i @audiodecode/whisper'),
  })
})

test('the first engine transcribes unless another is named, and all are closed', async () => {
  const calls: unknown[] = []
  const engine = (name: string): TranscriptionEngine => ({
    name,
    async transcribe(input, options) {
      calls.push([name, input, options])
      return result
    },
    async close() {
      calls.push(`${name} closed`)
    },
  })
  registerTranscriber(engine('a'))
  registerTranscriber(engine('b'))
  expect(await transcribe(samples, { language: 'en', model: 'base' })).toBe(result)
  await transcribe('speech.wav', { engine: 'b' })
  expect(calls).toEqual([
    ['a', samples, { language: 'en', model: 'base' }],
    ['b', 'speech.wav', {}],
  ])
  await expect(transcribe(samples, { engine: 'c' })).rejects.toThrow(/"a", "b"/u)
  await closeTranscribers()
  expect(calls.slice(2)).toEqual(['a closed', 'b closed'])
})

test('one engine that cannot close does not keep the others open', async () => {
  let closed = false
  const transcribing = async (): Promise<TranscriptionResult> => result
  const close = async (): Promise<never> => Promise.reject(new Error('stuck'))
  registerTranscriber({ name: 'a', transcribe: transcribing, close })
  registerTranscriber({
    name: 'b',
    transcribe: transcribing,
    async close() {
      closed = true
    },
  })
  await expect(closeTranscribers()).rejects.toThrow('stuck')
  expect(closed).toBe(true)
})
