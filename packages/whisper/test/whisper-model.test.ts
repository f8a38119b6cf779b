import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { closeTranscribers, diagnose, load, toWav, transcribe } from '@audiodecode/core'
import type { AudioData, TranscribeProgress } from '@audiodecode/core'
import '@audiodecode/backend-rust'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { WhisperModel, transcribeFile } from '../src/index.js'
import { modelFolder } from './support/models.js'

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const file = path('data/jfk-16k.flac')
const folder = modelFolder('tiny.en')
const said =
  ' And so my fellow Americans ask not what your country can do for you ask what you can do for your country'
// As faster-whisper; encoded alone, the clip gets a full stop at its end.
const greedy = { beamSize: 1, temperature: 0, shortAudio: 'exact' } as const

test('what is no model is told, with what to give instead', async () => {
  const error = { code: 'ERR_MODEL', message: expect.stringContaining('"no-such-model"') as string }
  await expect(WhisperModel.load('no-such-model')).rejects.toMatchObject(error)
  const empty = mkdtempSync(join(tmpdir(), 'audiodecode-'))
  try {
    await expect(WhisperModel.load(empty)).rejects.toMatchObject({ code: 'ERR_MODEL' })
    writeFileSync(join(empty, 'model.bin'), 'no model')
    await expect(WhisperModel.load(empty)).rejects.toMatchObject({ code: 'ERR_MODEL' })
  } finally {
    rmSync(empty, { recursive: true })
  }
})

test('options that cannot be meant are refused before anything is loaded', async () => {
  await expect(WhisperModel.load('')).rejects.toThrow(TypeError)
  await expect(WhisperModel.load('base', { threads: 0 })).rejects.toThrow(RangeError)
  await expect(WhisperModel.load('base', { computeType: 'int4' as 'int8' })).rejects.toThrow(
    TypeError,
  )
})

describe.skipIf(folder === undefined)('a model', { timeout: 60_000 }, () => {
  let model: WhisperModel
  let jfk: AudioData

  beforeAll(async () => {
    model = await WhisperModel.load(folder ?? '', { computeType: 'float32' })
    jfk = await load(file)
  })
  afterAll(() => model.close())

  test('says what it runs on', () => {
    expect(model.runtime).toMatchObject({ device: 'cpu', computeType: 'float32', workers: 1 })
    expect(model.runtime.reason).toContain('cpu')
  })

  test.runIf(process.platform === 'linux')(
    'lets the threads of the process go first that do not transcribe',
    () => {
      const tasks = readdirSync('/proc/self/task')
      // Field 19 of proc_pid_stat(5), behind a name that may have blanks.
      const niceOf = (task: string): number => {
        const stat = readFileSync(`/proc/self/task/${task}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
      }
      const own = niceOf(String(process.pid))
      expect(own).toBe(getPriority())
      const giveWay = tasks.filter((task) => niceOf(task) === own + 5)
      expect(giveWay.length).toBeGreaterThanOrEqual(model.runtime.threads)
    },
  )

  test('takes a path, bytes, decoded audio and samples alike', async () => {
    const wav = toWav(jfk, { bitDepth: 32 })
    const samples = { samples: jfk.data, sampleRate: jfk.sampleRate }
    for (const input of [file, wav, jfk, samples]) {
      expect((await model.transcribe(input, greedy)).text).toBe(said)
    }
    expect(jfk.data.length).toBe(176_000)
  })

  test('hears short audio as it hears it as a window of 30 s, word by word', async () => {
    const options = { ...greedy, wordTimestamps: true }
    const words = async (shortAudio: 'fast' | 'exact') =>
      (await model.transcribe(file, { ...options, shortAudio })).segments.flatMap(
        (segment) => segment.words ?? [],
      )
    const [fast, exact] = [await words('fast'), await words('exact')]
    expect(fast.map(({ word }) => word.replaceAll(/[.,]/gu, ''))).toEqual(
      exact.map(({ word }) => word),
    )
    for (const [index, { start }] of fast.entries()) {
      expect(Math.abs(start - (exact[index]?.start ?? 0))).toBeLessThan(0.2)
    }
  })

  test('resamples and mixes what it gets', async () => {
    const stereo = await load(path('../../../fixtures/jfk.flac'))
    expect(stereo).toMatchObject({ channels: 2, sampleRate: 44_100 })
    expect((await model.transcribe(stereo, greedy)).text).toBe(said)
  })

  test('tells decoding and transcribing as they go on', async () => {
    const told: TranscribeProgress[] = []
    const result = await model.transcribe(file, {
      ...greedy,
      onProgress: (each) => told.push(each),
    })
    expect(told.at(0)?.phase).toBe('decode')
    expect(told.at(-1)).toEqual({ phase: 'transcribe', seconds: 11, totalSeconds: 11 })
    expect(result).toMatchObject({ durationSeconds: 11, speechSeconds: 11, language: 'en' })
    expect(result.report?.truncated).toBe(false)
  })

  test('gives segments as they are decided, and stops when nobody reads on', async () => {
    const three = new Float32Array(3 * jfk.data.length)
    for (const index of [0, 1, 2]) three.set(jfk.data, index * jfk.data.length)
    const input = { samples: three, sampleRate: 16_000 }
    const texts: string[] = []
    for await (const { text } of model.segments(input, greedy)) {
      texts.push(text)
      break
    }
    expect(texts).toHaveLength(1)
    expect((await model.transcribe(file, greedy)).text).toBe(said)
  })

  test('does several at once, each as if it were alone', async () => {
    const results = await Promise.all([0, 1, 2].map(() => model.transcribe(file, greedy)))
    expect(results.map(({ text }) => text)).toEqual([said, said, said])
  })

  test('an abort ends the work with its reason, and the next transcription is right', async () => {
    const controller = new AbortController()
    const reason = new Error('changed my mind')
    // Four windows, of which the first is all that is waited for.
    const samples = new Float32Array(9 * jfk.data.length)
    for (let at = 0; at < samples.length; at += jfk.data.length) samples.set(jfk.data, at)
    const running = model.transcribe(
      { samples, sampleRate: 16_000 },
      {
        beamSize: 5,
        // What is said several times over would be decoded at every temperature.
        temperature: 0,
        vad: false,
        signal: controller.signal,
        onProgress: ({ phase, seconds, totalSeconds }) => {
          if (phase === 'transcribe' && seconds < totalSeconds) controller.abort(reason)
        },
      },
    )
    await expect(running).rejects.toBe(reason)
    const started = performance.now()
    await expect(model.transcribe(file, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(performance.now() - started).toBeLessThan(1000)
    expect((await model.transcribe(file, greedy)).text).toBe(said)
  })

  test('hears nothing in no audio, 10 ms and silence', async () => {
    for (const length of [0, 160, 16_000]) {
      const samples = new Float32Array(length)
      for (const shortAudio of ['fast', 'exact'] as const) {
        const options = { ...greedy, shortAudio }
        const { segments, text } = await model.transcribe({ samples, sampleRate: 16_000 }, options)
        expect({ segments, text }, `${length} samples`).toEqual({ segments: [], text: '' })
      }
    }
  })

  test('nothing is said where the detector hears no speech', async () => {
    const samples = new Float32Array(16_000 * 5)
    const result = await model.transcribe({ samples, sampleRate: 16_000 }, { vad: true })
    expect(result).toMatchObject({ segments: [], speechSeconds: 0, durationSeconds: 5 })
  })

  test('samples that are no numbers are an error that says where', async () => {
    const samples = jfk.data.slice()
    samples[1234] = Number.NaN
    const broken = model.transcribe({ samples, sampleRate: 16_000 })
    await expect(broken).rejects.toMatchObject({ code: 'ERR_CORRUPT' })
    await expect(broken).rejects.toThrow('sample 1234')
  })

  test('each channel is a speaker when it is asked for', async () => {
    // The second speaker begins two seconds later.
    const frames = jfk.frames + 32_000
    const data = new Float32Array(2 * frames)
    data.set(jfk.data, 0)
    data.set(jfk.data, frames + 32_000)
    const channelData = [data.subarray(0, frames), data.subarray(frames)]
    const stereo = { ...jfk, data, channelData, channels: 2, frames, durationSeconds: 13 }
    const told: number[] = []
    const result = await model.transcribe(stereo, {
      ...greedy,
      channelMode: 'split',
      onProgress: ({ seconds }) => told.push(seconds),
    })
    const of = (channel: number) => result.segments.filter((each) => each.channel === channel)
    for (const channel of [0, 1]) {
      const words = of(channel)
        .map(({ text }) => text)
        .join('')
      expect(words).toContain('ask not what your country can do for you')
    }
    const starts = result.segments.map(({ start }) => start)
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    expect(result.segments.map(({ id }) => id)).toEqual(result.segments.map((_, index) => index))
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(told.at(-1)).toBe(13)
  })

  test('the language of a model of English is English', async () => {
    expect(await model.detectLanguage(file)).toMatchObject({ language: 'en', probability: 1 })
  })

  test('sampling is repeated by the same seed', async () => {
    const options = { temperature: 1, bestOf: 2, seed: 5, logProbThreshold: null }
    const [one, two] = [
      await model.transcribe(file, options),
      await model.transcribe(file, options),
    ]
    expect(one.segments).toEqual(two.segments)
    expect(one.segments[0]?.temperature).toBe(1)
  })

  test('a closed one says so, also to what was running', async () => {
    const other = await WhisperModel.load(folder ?? '', { computeType: 'int8' })
    expect((await other.transcribe(file, greedy)).text).toContain('my fellow Americans')
    const running = other.transcribe(file, greedy).catch((error: unknown) => error)
    await other.close()
    expect(await running).toMatchObject({ code: 'ERR_CLOSED' })
    await expect(other.transcribe(file)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await other.close()
  })

  test("core's transcribe() finds it, and frees it", async () => {
    const options = { model: folder ?? '', ...greedy }
    expect((await transcribe(file, options)).text).toContain('your country')
    expect((await transcribeFile(file, options)).text).toContain('your country')
    await closeTranscribers()
    expect(await diagnose()).toContainEqual(
      expect.objectContaining({ kind: 'transcriber', name: 'whisper', available: true }),
    )
  })

  test('int8 needs no onnxruntime-node; what does says so', async () => {
    const program = ['no-onnxruntime.mjs', 'transcribe-in-int8.mjs'].map((name) =>
      path(`support/${name}`),
    )
    const args = ['--import', ...program, file, folder ?? '', JSON.stringify(greedy)]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    const [text, detection, float32] = stdout.split('\n')
    expect(text).toBe(said)
    const needs = 'needs onnxruntime-node, which cannot be loaded here (no binary).'
    expect(detection).toBe(`ERR_BACKEND_UNAVAILABLE voice detection ${needs} Set vad to false.`)
    expect(float32).toContain(`ERR_BACKEND_UNAVAILABLE computeType 'float32' ${needs}`)
  })

  test('a program that transcribes and ends, ends', async () => {
    const program = `
      import { transcribeFile } from '@audiodecode/whisper'
      import '@audiodecode/backend-rust'
      const { text } = await transcribeFile(process.argv[1], { model: process.argv[2], beamSize: 1 })
      console.log(text)`
    const run = promisify(execFile)
    const args = ['--input-type=module', '-e', program, '--', file, folder ?? '']
    const { stdout } = await run(process.execPath, args, { cwd: path('..'), timeout: 30_000 })
    expect(stdout).toContain('ask not what your country')
  })
})
