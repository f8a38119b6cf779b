import { Buffer } from 'node:buffer'

import { isAudioDecodeError } from '@audiodecode/core'
import { abortTimes } from '@audiodecode/test-support'
import { describe, expect, test } from 'vitest'

import {
  delta,
  logMelSpectrogram,
  melSpectrogram,
  mfcc,
  stft,
  streamMelSpectrogram,
  whisperLogMel,
} from '../src/index.js'
import type { LogMelOptions, MfccOptions } from '../src/index.js'
import { signal } from './reference.js'

const [speech] = signal('speech')
const audio = speech!
const all = { stft, melSpectrogram, logMelSpectrogram, mfcc }

/** What a call rejects with. */
async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** All numbers of a result; comparing these is quicker than `toEqual`. */
function bytesOf(result: Awaited<ReturnType<(typeof all)[keyof typeof all]>>): Buffer {
  const arrays = 're' in result ? [result.re, result.im] : [result.data]
  return Buffer.concat(
    arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  )
}

describe.each(Object.entries(all))('%s', (_, compute) => {
  test.each([
    [{ nFft: 0 }, 'nFft must be a whole number from 1'],
    [{ nFft: 1024.5 }, 'nFft must be a whole number'],
    [{ nFft: 1e9 }, 'nFft must be a whole number from 1 to 262144'],
    [{ nFft: NaN }, 'nFft must be a whole number'],
    [{ hopLength: 0 }, 'hopLength must be a whole number from 1'],
    [{ winLength: 2049 }, 'winLength must be a whole number from 1 to 2048, not 2049'],
    [{ padMode: 'edge' }, "padMode must be 'constant' or 'reflect', not edge"],
    [{ threads: 0 }, 'threads must be a whole number from 1'],
  ])('%o is a RangeError', async (options, message) => {
    const error = await failure(compute(audio, options as never))
    expect(error).toBeInstanceOf(RangeError)
    expect((error as Error).message).toContain(message)
  })

  test.each([{ nFft: '2048' }, { center: 1 }, { signal: {} }, null])(
    '%o is a TypeError',
    async (options) => {
      expect(await failure(compute(audio, options as never))).toBeInstanceOf(TypeError)
    },
  )

  test('audio that is none is a TypeError', async () => {
    const { samples } = audio
    for (const wrong of [null, 5, {}, { samples: [1, 2], sampleRate: 8000 }, { samples }]) {
      expect(await failure(compute(wrong as never))).toBeInstanceOf(TypeError)
    }
  })

  test('a rate that is none, and channels that do not divide, are RangeErrors', async () => {
    for (const wrong of [
      { samples: audio.samples, sampleRate: 0 },
      { samples: audio.samples, sampleRate: NaN },
      { data: new Float32Array(5), channels: 2, sampleRate: 8000 },
      { data: new Float32Array(5), channels: 0, sampleRate: 8000 },
    ]) {
      expect(await failure(compute(wrong as never))).toBeInstanceOf(RangeError)
    }
  })

  test('no samples are one frame of silence, and an error where there is no frame', async () => {
    const nothing = { samples: new Float32Array(0), sampleRate: 22_050 }
    const result = await compute(nothing)
    expect(result.shape[1]).toBe(1)
    const { length, first } =
      're' in result
        ? { length: result.re.length, first: result.re }
        : { length: result.data.length, first: result.data }
    expect(length).toBe(result.shape[0])
    expect(first.every(Number.isFinite)).toBe(true)
    for (const options of [{ padMode: 'reflect' }, { center: false }, { nFft: 33 }] as const) {
      expect(await failure(compute(nothing, options))).toBeInstanceOf(RangeError)
    }
  })

  test('audio shorter than a frame that is not centred is told with what to do', async () => {
    const short = { samples: audio.samples.slice(0, 2047), sampleRate: 16_000 }
    const error = await failure(compute(short, { center: false }))
    expect(error).toBeInstanceOf(RangeError)
    expect((error as Error).message).toBe(
      '2047 samples are too short for a frame of nFft 2048; center: true pads them, or lower nFft',
    )
  })

  test.each([NaN, Infinity, -Infinity])(
    'a sample that is %d is ERR_CORRUPT at its place',
    async (bad) => {
      const data = new Float32Array([...audio.samples, ...audio.samples])
      data[audio.samples.length + 123] = bad
      const error = await failure(compute({ data, channels: 2, sampleRate: 16_000 } as never))
      expect(isAudioDecodeError(error) && error.code).toBe('ERR_CORRUPT')
      expect((error as Error).message).toContain('sample 123 of channel 1 is')
    },
  )

  test('a shared buffer is read, and what is written to it during the call changes nothing', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(audio.samples.byteLength))
    shared.set(audio.samples)
    const pending = compute({ samples: shared, sampleRate: audio.sampleRate })
    shared.fill(0)
    expect(bytesOf(await pending).equals(bytesOf(await compute(audio)))).toBe(true)
  })

  test('a shared buffer is read in place when asked for, other buffers are refused', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(audio.samples.byteLength))
    shared.set(audio.samples)
    const { sampleRate } = audio
    const found = await compute({ samples: shared, sampleRate }, { inPlace: true })
    expect(bytesOf(found).equals(bytesOf(await compute(audio)))).toBe(true)
    const error = await failure(compute(audio, { inPlace: true }))
    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toContain('inPlace needs samples on a SharedArrayBuffer')
  })

  test('a buffer that is transferred during the call is a TypeError or was copied before', async () => {
    const samples = new Float32Array(3_000_000).fill(0.5)
    const pending = failure(compute({ samples, sampleRate: 16_000 }, { hopLength: 100_000 }))
    structuredClone(samples.buffer, { transfer: [samples.buffer] })
    const error = await pending
    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toContain('transferred or resized')
  })

  test('a buffer that was transferred before is a TypeError, not silence', async () => {
    const samples = new Float32Array(5_000)
    const loaded = { data: samples, channels: 1, frames: 5_000, sampleRate: 16_000 }
    structuredClone(samples.buffer, { transfer: [samples.buffer] })
    for (const gone of [{ samples, sampleRate: 16_000 }, loaded]) {
      const error = await failure(compute(gone as never))
      expect(error).toBeInstanceOf(TypeError)
      expect((error as Error).message).toContain('the samples are gone')
    }
  })

  test('an aborted signal rejects with its reason, before and during the work', async () => {
    const reason = new Error('enough')
    expect(await failure(compute(audio, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    const long = { samples: new Float32Array(16_000 * 60), sampleRate: 16_000 }
    const controller = new AbortController()
    const pending = failure(
      compute(long, { nFft: 256, nMels: 20, hopLength: 16, signal: controller.signal }),
    )
    // By now the work has begun in another thread, and cannot be heard to end before this turn has.
    controller.abort(reason)
    expect(await pending).toBe(reason)
  })

  test('the bits do not depend on the number of threads', async () => {
    const samples = Float32Array.from({ length: 400_000 }, (_, at) => Math.sin(at * at * 1e-5))
    const [one, four] = await Promise.all(
      [1, 4].map(async (threads) => compute({ samples, sampleRate: 22_050 }, { threads })),
    )
    expect(bytesOf(four!).equals(bytesOf(one!))).toBe(true)
    expect(four!.shape).toEqual(one!.shape)
  })
})

test('options that differ in one thing do not get the tables of others', async () => {
  const base = { nFft: 512, nMels: 20, fMin: 100, fMax: 7000 }
  const others: readonly MfccOptions[] = [
    { nFft: 500 },
    { winLength: 400 },
    { hopLength: 100 },
    { padMode: 'reflect' },
    { center: false },
    { nMels: 21 },
    { fMin: 101 },
    { fMax: 7001 },
    { htk: true },
    { norm: null },
    { nMfcc: 12 },
    { lifter: 22 },
  ]
  const first = bytesOf(await mfcc(audio, base))
  for (const other of others) {
    // With the tables of the base at hand, and once more.
    const results = [
      await mfcc(audio, { ...base, ...other }),
      await mfcc(audio, { ...base, ...other }),
    ]
    const [one, two] = results.map(bytesOf)
    expect(one!.equals(first), JSON.stringify(other)).toBe(false)
    expect(two!.equals(one!)).toBe(true)
    expect(bytesOf(await mfcc(audio, base)).equals(first)).toBe(true)
  }
  const decibels = async (options: LogMelOptions): Promise<Buffer> =>
    bytesOf(await logMelSpectrogram(audio, { ...base, ...options }))
  const loud = await decibels({})
  for (const other of [{ amin: 10 }, { ref: 2 }]) {
    expect((await decibels(other)).equals(loud), JSON.stringify(other)).toBe(false)
    expect((await decibels({})).equals(loud)).toBe(true)
  }
  const slower = { samples: audio.samples, sampleRate: audio.sampleRate * 2 }
  expect(bytesOf(await mfcc(slower, base)).equals(first)).toBe(false)
})

test('an abort stops native work instead of waiting for its end', { retry: 2 }, async () => {
  const long = { samples: new Float32Array(4_000_000), sampleRate: 22_050 }
  const options = { nMels: 20, hopLength: 64, threads: 1 }
  const { whole, afterAbort } = await abortTimes(async (signal) =>
    melSpectrogram(long, { ...options, signal }),
  )
  expect(afterAbort).toBeLessThan(whole / 2)
})

describe('mel options', () => {
  test.each([
    [{ fMax: 8001 }, 'fMax is 8001 Hz, but audio at 16000 Hz has nothing above 8000 Hz'],
    [{ fMin: 4000, fMax: 4000 }, 'fMin must be below fMax'],
    [{ fMin: -1 }, 'fMin must be 0 or above'],
    [{ nMels: 0 }, 'nMels must be a whole number from 1'],
    [{ nMels: 12.5 }, 'nMels must be a whole number'],
    [{ power: 0 }, 'power must be'],
    [{ norm: 'l1' }, "norm must be 'slaney' or null"],
  ])('%o is a RangeError', async (options, message) => {
    for (const compute of [melSpectrogram, logMelSpectrogram, mfcc]) {
      const error = await failure(compute(audio, options as never))
      expect(error).toBeInstanceOf(RangeError)
      expect((error as Error).message).toContain(message)
    }
  })

  test.each([{ ref: 0 }, { amin: 0 }, { amin: -1 }, { topDb: -1 }, { topDb: NaN }])(
    '%o is a RangeError of decibels',
    async (options) => {
      expect(await failure(logMelSpectrogram(audio, options))).toBeInstanceOf(RangeError)
    },
  )

  test.each([{ nMfcc: 129 }, { nMfcc: 0 }, { nMels: 12, nMfcc: 13 }, { lifter: -1 }])(
    '%o is a RangeError of MFCC',
    async (options) => {
      expect(await failure(mfcc(audio, options))).toBeInstanceOf(RangeError)
    },
  )

  test('filters without a bin give rows of zeros and one warning', async () => {
    const warnings: (Error & { code?: string })[] = []
    const note = (warning: Error): unknown => warnings.push(warning)
    process.on('warning', note)
    for (let time = 0; time < 2; time++) {
      const { data, shape } = await melSpectrogram(audio, { nFft: 256, nMels: 100 })
      const rows = Array.from({ length: shape[0] }, (_, row) =>
        data.subarray(row * shape[1], (row + 1) * shape[1]),
      )
      expect(rows.filter((row) => row.every((value) => value === 0)).length).toBe(2)
    }
    await new Promise(setImmediate)
    process.off('warning', note)
    expect(warnings.map(({ code }) => code)).toEqual(['AUDIODECODE_EMPTY_MEL_FILTERS'])
    expect(warnings[0]!.message).toMatch(/^2 of 100 mel filters are narrower/)
  })
})

describe('channels', () => {
  test('each has a matrix of its own, bounded by its own loudest value', async () => {
    const quiet = audio.samples.map((sample) => sample / 500)
    const stereo = {
      data: new Float32Array([...audio.samples, ...quiet]),
      channels: 2,
      sampleRate: audio.sampleRate,
    } as never
    for (const compute of [melSpectrogram, logMelSpectrogram, mfcc]) {
      const { data, channelData, channels } = await compute(stereo)
      const loud = await compute(audio)
      const soft = await compute({ samples: quiet, sampleRate: audio.sampleRate })
      expect(channels).toBe(2)
      expect(channelData).toEqual([loud.data, soft.data])
      expect(data.length).toBe(2 * loud.data.length)
    }
    const both = await stft(stereo)
    const loud = await stft(audio)
    expect(both.channelData[0]).toEqual({ re: loud.re, im: loud.im })
    expect(both.channelData[1]!.re).not.toEqual(loud.re)
  })
})

describe('delta', () => {
  test.each([
    { width: 4 },
    { width: 1 },
    { width: 9.5 },
    { order: 0 },
    { order: 9 },
    { width: 3, order: 3 },
  ])('%o is a RangeError', async (options) => {
    const features = await mfcc(audio)
    expect(() => delta(features, options)).toThrow(RangeError)
  })

  test('a matrix narrower than the width is told with what to do', async () => {
    const features = await mfcc({ samples: audio.samples.slice(0, 2_000), sampleRate: 16_000 })
    expect(() => delta(features)).toThrow(
      'width is 9, but there are only 4 frames; give an odd width up to that',
    )
  })

  test('what is no matrix, or has been transferred, is refused', async () => {
    expect(() => delta({} as never)).toThrow(TypeError)
    const features = await mfcc(audio)
    structuredClone(features.data.buffer, { transfer: [features.data.buffer as ArrayBuffer] })
    expect(() => delta(features)).toThrow('was the array transferred?')
  })

  test('a matrix of one channel need not say so', async () => {
    const { data, shape, sampleRate, hopLength } = await mfcc(audio)
    const { data: derived, channels } = delta({ data, shape, sampleRate, hopLength })
    expect(channels).toBe(1)
    expect(derived).toEqual(delta(await mfcc(audio)).data)
  })

  test('each channel and each row is derived by itself', async () => {
    const data = new Float32Array([
      ...audio.samples,
      ...audio.samples.map((sample) => sample * sample),
    ])
    const stereo = await mfcc({ data, channels: 2, sampleRate: 16_000 } as never)
    const second = await mfcc({ samples: data.slice(data.length / 2), sampleRate: 16_000 })
    expect(delta(stereo).channelData[1]).toEqual(delta(second).data)
  })
})

test('streams and Whisper check what they are given', async () => {
  expect(() => streamMelSpectrogram([] as never)).toThrow(TypeError)
  expect(() => streamMelSpectrogram((async function* () {})(), { nFft: 0 })).toThrow(RangeError)
  expect(await failure(whisperLogMel(audio, { signal: {} as never }))).toBeInstanceOf(TypeError)
  const bad = audio.samples.slice()
  bad[5] = NaN
  const error = await failure(whisperLogMel({ samples: bad, sampleRate: 16_000 }))
  expect(isAudioDecodeError(error) && error.code).toBe('ERR_CORRUPT')
})
