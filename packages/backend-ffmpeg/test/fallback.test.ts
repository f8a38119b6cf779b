import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { type AudioDecodeError, info, load, stream } from '@audiodecode/core'
import { abortTimes, opener, temporaryFolder, wholeFile } from '@audiodecode/test-support'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { ffmpegBackend } from '../src/index.js'

const openFfmpeg = opener(ffmpegBackend)

const { available } = await ffmpegBackend.status!()
const temporaryFile = temporaryFolder()
const crates = new URL('../../../crates/', import.meta.url)
const data = (name: string): string =>
  fileURLToPath(new URL(`audiodecode-ffmpeg/tests/data/${name}`, crates))
const special = (name: string): string =>
  fileURLToPath(new URL(`audiodecode-symphonia/tests/special/${name}`, crates))

test.skipIf(!available).each(['he-v1.aac', 'he-v2.mp4', 'he-v1.mkv'])(
  '%s is decoded at its full rate',
  async (name) => {
    const audio = await load(special(name))
    // 21 packets of 2,048 frames.
    expect(audio).toMatchObject({ backend: 'ffmpeg', sampleRate: 44_100, frames: 43_008 })
    expect(audio.report).toMatchObject({ truncated: false, damaged: [] })
  },
)

test.skipIf(!available)(
  'AC-3, WMA, DTS and films are decoded without asking for a backend',
  async () => {
    for (const name of ['tone.ac3', 'tone.wma', 'dts.mka', 'tone.m2ts', 'tone.flv', 'noise.dsf']) {
      const audio = await load(data(name))
      expect(audio.backend).toBe('ffmpeg')
      expect(audio.frames).toBeGreaterThan(2000)
      const peak = audio.data.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
      expect(peak).toBeGreaterThan(0.2)
    }
  },
)

test.skipIf(!available)('the track option picks a sound track of a film', async () => {
  const [first, second] = await Promise.all([
    load(data('film.mp4'), { backend: 'ffmpeg' }),
    load(data('film.mp4'), { backend: 'ffmpeg', track: 1 }),
  ])
  expect([first.frames, second.frames]).toEqual([4800, 4800])
  expect(first.data).not.toEqual(second.data)
  expect((await info(data('film.mp4'), { backend: 'ffmpeg' })).tracks).toBe(2)
})

test.skipIf(!available)('bytes, and a stream of blocks, give what the path gives', async () => {
  for (const name of ['tone.wma', 'film.mp4', 'tone.tta']) {
    const options = { backend: 'ffmpeg' } as const
    const whole = await load(data(name), options)
    const bytes = await load(await readFile(data(name)), options)
    expect(bytes.data).toEqual(whole.data)
    let position = 0
    for await (const block of stream(data(name), { ...options, blockSeconds: 0.05 })) {
      for (let channel = 0; channel < whole.channels; channel++) {
        const from = channel * whole.frames + position
        const expected = whole.data.subarray(from, from + block.frames)
        const found = block.data.subarray(channel * block.frames, (channel + 1) * block.frames)
        expect(found).toEqual(expected)
      }
      position += block.frames
    }
    expect(position).toBe(whole.frames)
  }
})

let endless = ''
beforeAll(async () => {
  // Some minutes of AC-3, whose frames may simply follow each other.
  const once = await readFile(data('tone.ac3'))
  endless = temporaryFile('endless.ac3', Buffer.concat(Array.from({ length: 5000 }, () => once)))
})
afterAll(() => {
  endless = ''
})

test.skipIf(!available)('an abort stops the way to a late range', { retry: 2 }, async () => {
  const handle = await openFfmpeg(endless)
  const range = { startFrame: 6144 * 4990, endFrame: 6144 * 4990 + 100 }
  const { whole, afterAbort } = await abortTimes(async (signal) =>
    handle.decode(wholeFile({ ...range, signal })),
  )
  expect(afterAbort).toBeLessThan(whole / 2)
  await handle.close()
})

test.skipIf(!available)('a playlist that names another file is unsupported', async () => {
  const refusal = async (name: string, list: string) => {
    const { code, message } = await load(temporaryFile(name, list), { backend: 'ffmpeg' }).then(
      () => expect.unreachable(name),
      (error: AudioDecodeError) => error,
    )
    expect(code, name).toBe('ERR_UNSUPPORTED_FORMAT')
    return message
  }
  const concat = `ffconcat version 1.0\nfile '${data('tone.m2ts')}'\n`
  expect(await refusal('list.ffconcat', concat)).toContain('names other files')
  const hls = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${data('tone.m2ts')}\n#EXT-X-ENDLIST\n`
  // Since FFmpeg 6.1 only a file's name makes it a playlist of this kind, and no name is given.
  expect(await refusal('list.m3u8', hls)).toMatch(/names other files|does not recognise/)
})
