import { expect, test } from 'vitest'

import type { HeardWord, Listened, ListenRequest } from './heard-word.js'
import { WordStream } from './word-stream.js'
import type { StreamedWords, StreamSettings } from './word-stream.js'

const RATE = 16_000
const voice = { threshold: 0.5, negThreshold: 0.35, minSilence: 0.7 * RATE }

/** A word every half second of audio that is loud, by how loud it is. */
function hearing() {
  const asked: { seconds: number; request: ListenRequest }[] = []
  const ears = {
    voice: async (samples: Float32Array) =>
      Float32Array.from({ length: Math.floor(samples.length / 512) }, (_, window) =>
        samples[512 * window] === 0 ? 0.1 : 0.9,
      ),
    listen: async (samples: Float32Array, request: ListenRequest): Promise<Listened> => {
      asked.push({ seconds: samples.length / RATE, request })
      const words: HeardWord[] = []
      for (let at = 0; at + RATE / 2 <= samples.length; at += RATE / 2) {
        const level = samples[at + RATE / 4] ?? 0
        if (level === 0) continue
        const word = ` w${Math.round(100 * level)}`
        const start = at / RATE
        words.push({ word, start, end: start + 0.5, probability: 1, tokens: [at], stamps: [] })
      }
      return { words, language: 'en', temperature: 0 }
    },
  }
  return { ears, asked }
}

const settings = (ears: StreamSettings['ears'], change: Partial<StreamSettings> = {}) => ({
  ears,
  voice,
  language: undefined,
  multilingual: false,
  conditionOnPreviousText: true,
  promptResetOnTemperature: 0.5,
  ...change,
})

async function run(
  stream: WordStream,
  parts: Iterable<Float32Array>,
): Promise<readonly StreamedWords[]> {
  const results: StreamedWords[] = []
  for (const part of parts) for await (const each of stream.hear(part)) results.push(each)
  for await (const each of stream.end()) results.push(each)
  return results
}

const loud = (seconds: number, level = 0.1): Float32Array =>
  new Float32Array(seconds * RATE).fill(level)
const finals = (results: readonly StreamedWords[]): string =>
  results.flatMap(({ final, text }) => (final ? [text] : [])).join('')

test('silence is never listened to', async () => {
  const { ears, asked } = hearing()
  const silence = Array.from({ length: 120 }, () => new Float32Array(RATE / 2))
  expect(await run(new WordStream(settings(ears)), silence)).toEqual([])
  expect(asked).toEqual([])
})

test('a pause ends an utterance; what follows it is another, with the first as its prompt', async () => {
  const { ears, asked } = hearing()
  const parts = [loud(0.5), loud(0.5), new Float32Array(RATE), loud(0.5, 0.2), loud(0.5, 0.2)]
  const results = await run(new WordStream(settings(ears)), parts)
  // The padding before the second moves its words off the half seconds.
  expect(finals(results)).toBe(' w10 w10 w20')
  const last = asked.at(-1)
  expect(last?.request.said.length).toBe(2)
  expect(last?.request.language).toBe('en')
  const words = results.flatMap(({ final, words }) => (final ? words : []))
  const starts = words.map(({ start }) => start)
  expect(starts).toEqual(starts.toSorted((a, b) => a - b))
  expect(words[2]?.start).toBeGreaterThan(1.4)
})

test('a silence is not listened to any more once all before it is decided', async () => {
  const { ears, asked } = hearing()
  const stream = new WordStream(settings(ears, { voice: { ...voice, minSilence: 60 * RATE } }))
  const parts = [
    loud(0.5),
    loud(0.5),
    ...Array.from({ length: 40 }, () => new Float32Array(RATE / 2)),
  ]
  expect(finals(await run(stream, parts))).toBe(' w10 w10')
  expect(asked.length).toBeLessThanOrEqual(5)
})

test('one large part with two utterances in it gives both', async () => {
  const { ears } = hearing()
  const part = new Float32Array(4 * RATE)
  part.set(loud(1), 0)
  part.set(loud(1, 0.2), 2.5 * RATE)
  expect(finals(await run(new WordStream(settings(ears)), [part]))).toContain(' w20')
  expect(finals(await run(new WordStream(settings(ears)), [part]))).toMatch(/^ w10/)
})

test('finals are told once, and an empty partial takes back what was heard only once', async () => {
  const answers = [[' so'], [' sew', ' it'], [], [' so', ' what']]
  const ears = {
    voice: async (samples: Float32Array) => new Float32Array(samples.length / 512).fill(0.9),
    listen: async (): Promise<Listened> => ({
      words: (answers.shift() ?? []).map((word, at) => ({
        word,
        start: at / 4,
        end: (at + 1) / 4,
        probability: 1,
        tokens: [at],
        stamps: [],
      })),
      language: 'en',
      temperature: 0,
    }),
  }
  const results = await run(new WordStream(settings(ears)), [loud(0.5), loud(0.5), loud(0.5)])
  expect(results.map(({ final, text }) => [final, text])).toEqual([
    [false, ' so'],
    [false, ' sew it'],
    [false, ''],
    [true, ' so what'],
  ])
})

test.each<[string, (time: number) => readonly HeardWord[] | null]>([
  ['of which nothing is made', () => null],
  [
    'of which another word is made each time, which begins a little later',
    (time) => [
      { word: ` w${time}`, start: 0.1, end: 0.2, probability: 1, tokens: [time], stamps: [] },
    ],
  ],
])('what is heard stays below half a minute: audio without a pause %s', async (_, wordsOf) => {
  let seconds = 0
  let time = 0
  const ears = {
    voice: async (samples: Float32Array) => new Float32Array(samples.length / 512).fill(0.9),
    listen: async (samples: Float32Array): Promise<Listened> => {
      seconds = Math.max(seconds, samples.length / RATE)
      return { words: wordsOf(time++), language: 'en', temperature: 0 }
    },
  }
  for (const each of [voice, null]) {
    seconds = 0
    const parts = Array.from({ length: 100 }, () => loud(2))
    await run(new WordStream(settings(ears, { voice: each })), parts)
    expect(seconds).toBeGreaterThan(20)
    expect(seconds).toBeLessThanOrEqual(30)
  }
})

test('the language of the first utterance is kept, or asked for again when several are spoken', async () => {
  for (const [multilingual, expected] of [
    [false, 'en'],
    [true, undefined],
  ] as const) {
    const { ears, asked } = hearing()
    const parts = [loud(1), new Float32Array(RATE), loud(1, 0.2)]
    await run(new WordStream(settings(ears, { multilingual })), parts)
    expect(asked[0]?.request.language).toBeUndefined()
    expect(asked.at(-1)?.request.language).toBe(expected)
  }
})

test('a hypothesis that passes over speech is made again without the words that are decided', async () => {
  const asked: { seconds: number; confirmed: number; said: number }[] = []
  const word = (text: string, start: number, at: number): HeardWord => ({
    word: text,
    start,
    end: start + 0.5,
    probability: 1,
    tokens: [at],
    stamps: [],
  })
  const ask = [word(' ask', 0, 1), word(' you', 0.5, 2)]
  const ears = {
    voice: async (samples: Float32Array) => new Float32Array(samples.length / 512).fill(0.9),
    listen: async (samples: Float32Array, request: ListenRequest): Promise<Listened> => {
      const { confirmed, said } = request
      const isAgain = samples.length === 3.5 * RATE
      asked.push({ seconds: samples.length / RATE, confirmed: confirmed.length, said: said.length })
      const words = isAgain
        ? [0, 1, 2, 3, 4].map((index) => word(' w', 0.7 * index, 10 + index))
        : [...ask, word(' you', samples.length / RATE - 0.5, 4)]
      return { words, language: 'en', temperature: 0 }
    },
  }
  const results = await run(new WordStream(settings(ears)), [loud(1.5), loud(0.5), loud(2.5)])
  expect(finals(results)).toBe(' ask you w w w w w')
  expect(asked.slice(2)).toEqual([
    { seconds: 4.5, confirmed: 2, said: 0 },
    { seconds: 3.5, confirmed: 0, said: 0 },
    { seconds: 3.5, confirmed: 0, said: 0 },
  ])
})

test('what says the text before again is heard once more without it', async () => {
  const said: number[] = []
  const word = (at: number, token: number): HeardWord => ({
    word: ` w${token}`,
    start: 0.2 * at,
    end: 0.2 * at + 0.2,
    probability: 1,
    tokens: [token],
    stamps: [],
  })
  const sentence = [1, 2, 3, 4, 5, 6]
  const ears = {
    voice: hearing().ears.voice,
    listen: async (samples: Float32Array, request: ListenRequest): Promise<Listened> => {
      said.push(request.said.length)
      // It copies what it was told, and hears the second utterance when it was told nothing.
      const isSecond = samples.some((sample) => sample > 0.15)
      const tokens = isSecond && request.said.length === 0 ? [7, 8, 9] : sentence
      return { words: tokens.map((token, at) => word(at, token)), language: 'en', temperature: 0 }
    },
  }
  const parts = [loud(1.5), new Float32Array(RATE), loud(1.5, 0.2)]
  const results = await run(new WordStream(settings(ears)), parts)
  expect(finals(results)).toBe(' w1 w2 w3 w4 w5 w6 w7 w8 w9')
  const first = said.findIndex((count) => count > 0)
  expect(said.slice(first, first + 2)).toEqual([6, 0])
  expect(said.slice(first + 2).every((count) => count === 0)).toBe(true)
})
