import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { info, load, stream } from '@audiodecode/core'
import {
  countingSample,
  makeWav,
  opener,
  temporaryFolder,
  wholeFile,
} from '@audiodecode/test-support'
import { expect, test } from 'vitest'

import { rustBackend } from '../src/index.js'

const openRust = opener(rustBackend)

const temporaryFile = temporaryFolder()
const jfk = fileURLToPath(new URL('../../../fixtures/jfk.flac', import.meta.url))

test('a FLAC file gives bit for bit the samples of the reference decoder', async () => {
  const golden = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')) as {
    frames: number
    channels: number
    sha256: string
  }
  const audio = await load(jfk)
  expect([audio.frames, audio.channels]).toEqual([golden.frames, golden.channels])
  const raw = Buffer.alloc(audio.frames * audio.channels * 3)
  for (let frame = 0; frame < audio.frames; frame++) {
    for (const [channel, plane] of audio.channelData.entries()) {
      raw.writeIntLE((plane[frame] ?? 0) * 2 ** 23, (frame * audio.channels + channel) * 3, 3)
    }
  }
  expect(createHash('sha256').update(raw).digest('hex')).toBe(golden.sha256)
})

test.each(['a path', 'bytes'])(
  'a 16-bit WAV as %s gives each sample divided by 32768',
  async (kind) => {
    const frames = 70_000
    const wav = makeWav({ frames, channels: 3, sample: countingSample })
    const audio = await load(kind === 'bytes' ? wav : temporaryFile('counting.wav', wav))
    expect(audio).toMatchObject({ frames, channels: 3, sampleRate: 44_100, backend: 'rust' })
    const expected = new Float32Array(frames * 3)
    for (let channel = 0; channel < 3; channel++) {
      for (let frame = 0; frame < frames; frame++) {
        expected[channel * frames + frame] = countingSample(frame, channel) / 32_768
      }
    }
    expect(Buffer.compare(Buffer.from(audio.data.buffer), Buffer.from(expected.buffer))).toBe(0)
    expect(audio.report).toMatchObject({ damaged: [], truncated: false, expectedFrames: frames })
  },
)

test('a range is that part of the file', async () => {
  const path = temporaryFile('range.wav', makeWav({ frames: 50_000, sample: countingSample }))
  const handle = await openRust(path)
  const part = await handle.decode(wholeFile({ startFrame: 12_345, endFrame: 12_350 }))
  expect([...part.data]).toEqual(
    [0, 1].flatMap((channel) =>
      [0, 1, 2, 3, 4].map((frame) => countingSample(12_345 + frame, channel) / 32_768),
    ),
  )
  await handle.close()
})

test('mono is the mean of the channels', async () => {
  const wav = makeWav({
    frames: 1000,
    sample: (frame, channel) => (channel === 0 ? frame : 4 * frame),
  })
  const { data, channels } = await load(wav, { mono: true })
  expect(channels).toBe(1)
  expect(data.every((value, frame) => value === (2.5 * frame) / 32_768)).toBe(true)
})

test('a file that is shorter than its header says gives what there is, and says so', async () => {
  const wav = makeWav({ frames: 40_000, sample: countingSample })
  const audio = await load(wav.subarray(0, 44 + 30_000 * 4))
  expect(audio.frames).toBe(30_000)
  expect(audio.report.truncated).toBe(true)
  expect(audio.channelData[1]?.[29_999]).toBe(countingSample(29_999, 1) / 32_768)
})

test.each([1, 1000, 4096, 100_000])(
  'blocks of %i frames make up the whole',
  async (blockFrames) => {
    const frames = blockFrames === 1 ? 50 : 10_000
    const handle = await openRust(makeWav({ frames, sample: countingSample }))
    const left: number[] = []
    for await (const { data } of handle.blocks!({ ...wholeFile(), blockFrames })) {
      expect(data.length).toBe(data.buffer.byteLength / 4)
      left.push(...data.subarray(0, data.length / 2))
    }
    await handle.close()
    expect(left).toEqual(Array.from({ length: frames }, (_, i) => countingSample(i, 0) / 32_768))
  },
)

test('a stream of a real file equals its load', async () => {
  const whole = await load(jfk, { sampleRate: 16_000, mono: true })
  let start = 0
  for await (const { data } of stream(jfk, { sampleRate: 16_000, mono: true, blockSeconds: 0.7 })) {
    expect(data).toEqual(whole.data.subarray(start, start + data.length))
    start += data.length
  }
  expect(start).toBe(whole.frames)
})

test('info tells what the file is without decoding it', async () => {
  const wav = makeWav({ frames: 22_050, channels: 1, sampleRate: 22_050 })
  expect(await info(wav)).toMatchObject({
    container: 'wav',
    sampleRate: 22_050,
    channels: 1,
    bitDepth: 16,
    frames: 22_050,
    framesExact: true,
    durationSeconds: 1,
    backend: 'rust',
  })
})
