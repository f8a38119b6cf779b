import '@audiodecode/backend-rust'
import type { AudioData } from '@audiodecode/core'
import { load, stream } from '@audiodecode/core'
import { expect, test } from 'vitest'

import { melSpectrogram, streamMelSpectrogram } from '../src/index.js'
import type { FeatureMatrix, MelOptions } from '../src/index.js'
import { signal } from './reference.js'

const [left, right] = signal('music')
const sampleRate = 22_050

/** Both channels, of so many samples from the start. */
function stereo(from: number, to: number): AudioData {
  const planes = [left!, right!].map(({ samples }) => samples.subarray(from, to))
  const data = new Float32Array(2 * (to - from))
  planes.forEach((plane, channel) => data.set(plane, channel * (to - from)))
  return { data, channels: 2, sampleRate } as never
}

async function* cut(length: number, sizes: readonly number[]): AsyncGenerator<AudioData> {
  let at = 0
  for (let turn = 0; at < length; turn++) {
    const end = Math.min(length, at + sizes[turn % sizes.length]!)
    yield stereo(at, end)
    at = end
  }
}

/** Matrices one behind the other. */
async function join(
  matrices: AsyncIterable<FeatureMatrix>,
): Promise<{ rows: number[][][]; count: number }> {
  const rows: number[][][] = []
  let count = 0
  for await (const { channelData, shape } of matrices) {
    count++
    channelData.forEach((matrix, channel) => {
      for (let row = 0; row < shape[0]; row++) {
        const values = matrix.subarray(row * shape[1], (row + 1) * shape[1])
        ;((rows[channel] ??= [])[row] ??= []).push(...values)
      }
    })
  }
  return { rows, count }
}

async function whole(audio: AudioData, options: MelOptions): Promise<number[][][]> {
  const matrix = await melSpectrogram(audio, options)
  return (
    await join(
      (async function* () {
        yield matrix
      })(),
    )
  ).rows
}

const OPTIONS: readonly MelOptions[] = [
  {},
  { padMode: 'reflect' },
  { center: false },
  { nFft: 512, hopLength: 700, nMels: 32 },
  { nFft: 1023, hopLength: 200, nMels: 32, padMode: 'reflect' },
  { nFft: 400, hopLength: 100, nMels: 24, center: false },
  { nFft: 512, hopLength: 900, nMels: 32, padMode: 'reflect' },
]

test.each(OPTIONS.map((options) => ({ options, name: JSON.stringify(options) })))(
  'blocks of any size with $name give the bits of the whole',
  async ({ options }) => {
    for (const [length, sizes] of [
      [22_050, [1_000]],
      [22_050, [4_096, 1, 0, 777]],
      [9_000, [37]],
      [5_000, [5_000]],
      [2_100, [512]],
    ] as const) {
      const expected = await whole(stereo(0, length), options)
      const { rows } = await join(streamMelSpectrogram(cut(length, sizes), options))
      expect(rows).toEqual(expected)
    }
  },
)

test.each(['constant', 'reflect'] as const)(
  'audio shorter than a frame, padded by %s, comes at the end',
  async (padMode) => {
    for (const length of [1, 2, 700, 1_024, 1_025, 1_500]) {
      const expected = await whole(stereo(0, length), { padMode })
      const { rows } = await join(streamMelSpectrogram(cut(length, [300]), { padMode }))
      expect(rows).toEqual(expected)
    }
  },
)

test('frames come with the block that completes them', async () => {
  const counts: number[] = []
  for await (const { shape } of streamMelSpectrogram(cut(10_240, [2_048]))) counts.push(shape[1])
  // The frame around sample 512 k needs the samples up to 512 k + 1024.
  expect(counts).toEqual([3, 4, 4, 4, 4, 2])
})

test('what core streams of a file gives the spectrogram of the loaded file', async () => {
  const file = new URL('../../../fixtures/jfk.flac', import.meta.url)
  const options = { sampleRate: 16_000, mono: true }
  const expected = await whole(await load(file, options), {})
  const blocks = stream(file, { ...options, blockSeconds: 0.7 })
  const { rows, count } = await join(streamMelSpectrogram(blocks))
  expect(rows).toEqual(expected)
  expect(count).toBeGreaterThan(10)
})

test('a stream without blocks gives nothing', async () => {
  expect(await join(streamMelSpectrogram(cut(0, [1])))).toEqual({ rows: [], count: 0 })
})

test('a change of rate or channels, and audio too short for any frame, are errors', async () => {
  async function* changing(): AsyncGenerator<AudioData> {
    yield stereo(0, 3_000)
    yield { ...stereo(0, 3_000), sampleRate: 44_100 }
  }
  await expect(join(streamMelSpectrogram(changing()))).rejects.toThrow(
    'the stream changes from 2 channels at 22050 Hz to 2 at 44100 Hz',
  )
  const short = streamMelSpectrogram(cut(2_000, [500]), { center: false })
  await expect(join(short)).rejects.toThrow('2000 samples are too short')
})

test('an abort ends it, and leaving it ends what it reads from', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  let ended = false
  async function* source(): AsyncGenerator<AudioData> {
    try {
      for (;;) yield stereo(0, 5_000)
    } finally {
      ended = true
    }
  }
  let seen = 0
  const aborted = (async () => {
    for await (const _ of streamMelSpectrogram(source(), { signal: controller.signal })) {
      if (++seen === 3) controller.abort(reason)
    }
  })()
  await expect(aborted).rejects.toBe(reason)
  expect(ended).toBe(true)
  ended = false
  for await (const _ of streamMelSpectrogram(source())) break
  expect(ended).toBe(true)
})
