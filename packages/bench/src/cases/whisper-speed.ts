import type { BenchCase, Measurement } from '../bench-case.js'
import { speechCorpus } from '../speech/corpus.js'
import { longSpeech, longSpeechHalves } from '../speech/long-speech.js'
import { raceTranscribers } from '../speech/race-transcribers.js'
import type { Entry, Spoken } from '../speech/race-transcribers.js'
import type { Options, Setup } from '../speech/transcriber.js'

/**
 * What all sides are asked for. Voice detection is off, since it would leave both less to do, and every window is encoded whole;
 * temperatures are the defaults.
 */
const COMMON: Options = {
  language: 'en',
  vad: false,
  withoutTimestamps: false,
  batchSize: 1,
  shortAudio: 'exact',
}
const GREEDY: Options = { ...COMMON, beamSize: 1 }
const BEAM: Options = { ...COMMON, beamSize: 5 }
/** faster-whisper's batched mode: chunks of speech that the voice detector finds, eight at a time, without timestamps. */
const BATCHED: Options = {
  language: 'en',
  vad: true,
  beamSize: 1,
  batchSize: 8,
  withoutTimestamps: true,
  shortAudio: 'exact',
}

/** The whole speech in one process of two threads, for both sides. */
function alike(computeType: Setup['computeType'], speech: Spoken): readonly Entry[] {
  const processes = [[speech]]
  return [
    { side: 'ours', setup: { computeType }, processes },
    { side: 'faster-whisper', setup: { computeType }, processes },
  ]
}

/** The same in our best layout for chunks that are decoded side by side: two workers of one thread. */
function chunked(computeType: Setup['computeType'], speech: Spoken): readonly Entry[] {
  const setup: Setup = { computeType, threads: 1, workers: 2 }
  return [{ side: 'ours', setup, processes: [[speech]] }, ...alike(computeType, speech)]
}

async function inputs(): Promise<{ speech: Spoken; warmUp: Spoken }> {
  const [warmUp] = await speechCorpus()
  return { speech: await longSpeech(), warmUp: warmUp! }
}

function sequential(id: string, title: string, options: Options, atLeast: number): BenchCase {
  return {
    id,
    title,
    async run({ runs }) {
      const { speech, warmUp } = await inputs()
      const entries = alike('int8', speech)
      return raceTranscribers({ subject: id, options, entries, atLeast, warmUp, runs })
    },
  }
}

/** W1: the quickest way that keeps the order. */
export const whisperGreedy: BenchCase = sequential(
  'w1',
  '6 minutes of speech, base int8, greedy, against faster-whisper',
  GREEDY,
  2,
)

/** W2: the default of both. */
export const whisperBeam: BenchCase = sequential(
  'w2',
  '6 minutes of speech, base int8, beam 5, against faster-whisper',
  BEAM,
  2.2,
)

/** W3: chunks decoded together, against every layout that faster-whisper has on two cores. */
export const whisperBatched: BenchCase = {
  id: 'w3',
  title: '6 minutes of speech, base int8, batched, against faster-whisper in its best layout',
  async run({ runs }) {
    const { speech, warmUp } = await inputs()
    const [first, second] = await longSpeechHalves()
    const one: Setup = { computeType: 'int8', threads: 1 }
    const layouts: readonly Entry[] = [
      ...chunked('int8', speech),
      {
        side: 'faster-whisper',
        setup: { ...one, workers: 2 },
        processes: [[first, second]],
        layout: 'two callers',
      },
      {
        side: 'faster-whisper',
        setup: one,
        processes: [[first], [second]],
        layout: 'two processes',
      },
    ]
    const lines: Measurement[] = []
    for (const [subject, options, entries, atLeast] of [
      ['w3', BATCHED, layouts, 2.2],
      // What its documentation asks for when segments have to be timed.
      ['w3, with timestamps', { ...BATCHED, withoutTimestamps: false }, layouts.slice(0, 3), null],
    ] as const) {
      lines.push(
        ...(await raceTranscribers({
          subject,
          options,
          entries: [...entries],
          atLeast,
          warmUp,
          runs,
        })),
      )
    }
    return lines
  },
}

/** W3b: two files at the same time. */
export const whisperTwoFiles: BenchCase = {
  id: 'w3b',
  title: 'two files of speech at once, base int8, against faster-whisper in two processes',
  async run({ runs }) {
    const { warmUp } = await inputs()
    const [first, second] = await longSpeechHalves()
    const one: Setup = { computeType: 'int8', threads: 1 }
    const entries: readonly Entry[] = [
      // One worker has both threads: two would read the weights twice.
      { side: 'ours', setup: { computeType: 'int8' }, processes: [[first, second]] },
      {
        side: 'faster-whisper',
        setup: one,
        processes: [[first], [second]],
        layout: 'two processes',
      },
      {
        side: 'faster-whisper',
        setup: { ...one, workers: 2 },
        processes: [[first, second]],
        layout: 'two callers',
      },
    ]
    const lines: Measurement[] = []
    for (const [subject, options] of [
      ['w3b greedy', GREEDY],
      ['w3b beam 5', BEAM],
    ] as const) {
      lines.push(
        ...(await raceTranscribers({ subject, options, entries, atLeast: 2, warmUp, runs })),
      )
    }
    return lines
  },
}

/** W4: without 8-bit numbers. */
export const whisperFloat: BenchCase = {
  id: 'w4',
  title: '6 minutes of speech, base float32, against faster-whisper float32',
  async run({ runs }) {
    const { speech, warmUp } = await inputs()
    const lines: Measurement[] = []
    for (const [subject, options, layout] of [
      // At temperature 0 alone, where both must give the same tokens: above it each draws random numbers of its own.
      ['w4 greedy', { ...GREEDY, temperature: 0 }, alike],
      ['w4 beam 5', { ...BEAM, temperature: 0 }, alike],
      ['w4 batched', { ...BATCHED, temperature: 0 }, chunked],
    ] as const) {
      const entries = layout('float32', speech)
      lines.push(
        ...(await raceTranscribers({ subject, options, entries, atLeast: 1.15, warmUp, runs })),
      )
    }
    return lines
  },
}
