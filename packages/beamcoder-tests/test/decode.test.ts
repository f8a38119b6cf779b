import { readFile, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { ffmpegBackend } from '@audiodecode/backend-ffmpeg'
import { beamcoderBackend } from '@audiodecode/backend-ffmpeg/beamcoder'
import { info, load } from '@audiodecode/core'
import { makeWav, opener, temporaryFolder, wholeFile } from '@audiodecode/test-support'
import { describe, expect, test, vi } from 'vitest'

import { beamcoderProcesses } from '../src/processes.js'

const temporaryFile = temporaryFolder()
const folder = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const data = (name: string): string => join(folder('crates/audiodecode-ffmpeg/tests/data'), name)
const { available } = await beamcoderBackend.status!()
const hasBoth = available && (await ffmpegBackend.status!()).available

/** Files that both read; what is in these folders besides are references and descriptions. */
const FOLDERS = [
  'fixtures/formats',
  'crates/audiodecode-ffmpeg/tests/data',
  'crates/audiodecode-symphonia/tests/special',
]
const AUDIO =
  /\.(wav|aiff|caf|flac|mp[1234]|m4a|aac|ogg|oga|opus|mk[av]|webm|ac3|eac3|wma|flv|m2ts|tta|wv|dsf|spx|amr|dts|mpc)$/u

async function allFiles(): Promise<readonly string[]> {
  const names = await Promise.all(
    FOLDERS.map(async (path) =>
      (await readdir(folder(path))).map((name) => join(folder(path), name)),
    ),
  )
  return names.flat().filter((path) => AUDIO.test(path))
}

describe('beamcoder:', () => {
  test.skipIf(!hasBoth)(
    'every file is decoded as by our own binding: length, form, trim and samples',
    { timeout: 120_000 },
    async () => {
      const differences: string[] = []
      let compared = 0
      for (const path of await allFiles()) {
        const [ours, theirs] = await Promise.all(
          ['ffmpeg', 'beamcoder'].map(async (backend) =>
            load(path, { backend, cache: false }).catch(({ code }: { code: string }) => code),
          ),
        )
        if (typeof ours === 'string' || typeof theirs === 'string') {
          if (ours !== theirs)
            differences.push(`${path}: ${JSON.stringify([ours, theirs]).slice(0, 100)}`)
          continue
        }
        compared += 1
        const [a, b] = [ours!, theirs!].map(({ frames, channels, sampleRate, report }) =>
          JSON.stringify({
            frames,
            channels,
            sampleRate,
            gapless: report.gapless,
            truncated: report.truncated,
          }),
        )
        if (a !== b) differences.push(`${path}: ${a} ${b}`)
        const largest = ours!.data.reduce(
          (most, x, i) => Math.max(most, Math.abs(x - theirs!.data[i]!)),
          0,
        )
        if (!(largest <= 1e-6)) differences.push(`${path}: differs by ${largest}`)
      }
      expect(differences).toEqual([])
      expect(compared).toBeGreaterThan(40)
    },
  )

  test.skipIf(!available)('the track option picks a sound track of a film', async () => {
    const backend = 'beamcoder'
    const [first, second] = await Promise.all([
      load(data('film.mp4'), { backend }),
      load(data('film.mp4'), { backend, track: 1 }),
    ])
    expect([first.frames, second.frames]).toEqual([4800, 4800])
    expect(first.data).not.toEqual(second.data)
    expect((await info(data('film.mp4'), { backend })).tracks).toBe(2)
    await expect(load(data('film.mp4'), { backend, track: 2 })).rejects.toMatchObject({
      code: 'ERR_UNSUPPORTED_FORMAT',
      message: expect.stringContaining('the file has 2') as string,
    })
  })

  test.skipIf(!available)(
    'playlists and lists of files are refused, as text and with a byte that is none',
    async () => {
      // By a name that FFmpeg would open for a playlist.
      const target = temporaryFile('tone.ts', await readFile(data('tone.m2ts')))
      const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${target}\n#EXT-X-ENDLIST\n`
      const list = `ffconcat version 1.0\nfile '${target}'\n`
      for (const [name, text] of [
        ['list.m3u8', playlist],
        ['list.ffconcat', list],
      ] as const) {
        for (const content of [text, `${text}#\u0001\n`]) {
          const loaded = load(temporaryFile(name, content), { backend: 'beamcoder' })
          await expect(loaded).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED_FORMAT' })
        }
      }
    },
  )

  test.skipIf(!available)(
    'bytes go through a temporary file, which is gone when they are decoded',
    async () => {
      const whole = await load(data('tone.wma'), { backend: 'beamcoder' })
      // Of its own: others make temporary files too.
      const own = dirname(temporaryFile('temporary', ''))
      vi.stubEnv('TMPDIR', own)
      const names = await readdir(own)
      const bytes = await load(await readFile(data('tone.wma')), { backend: 'beamcoder' })
      expect(bytes.data).toEqual(whole.data)
      expect(await readdir(own)).toEqual(names)
      vi.unstubAllEnvs()
    },
  )

  test.skipIf(!available)(
    'a file that changes between being opened and being read is read anew',
    async () => {
      const open = opener(beamcoderBackend)
      const path = temporaryFile('changes.wav', makeWav({ frames: 1000, sample: () => 1000 }))
      const [first, second] = [await open(path), await open(path)]
      expect((await first.decode(wholeFile())).data.at(-1)).toBe(1000 / 32_768)
      temporaryFile('changes.wav', makeWav({ frames: 900, sample: () => 2000 }))
      const { data } = await second.decode(wholeFile())
      expect([data.length, data.at(-1)]).toEqual([1800, 2000 / 32_768])
      const third = await open(path)
      temporaryFile('changes.wav', makeWav({ frames: 800, sample: () => 3000 }))
      expect((await third.decode(wholeFile())).data.at(-1)).toBe(3000 / 32_768)
    },
  )

  test.skipIf(!available)(
    'files that FFmpeg does not open end no process: one serves them all',
    async () => {
      await load(data('tone.ac3'), { backend: 'beamcoder' })
      const before = beamcoderProcesses()
      for (let i = 0; i < 30; i++) {
        const noise = Uint8Array.from({ length: 5000 }, (_, n) => (n * 73 + i) % 251)
        const loaded = load(temporaryFile('noise', noise), { backend: 'beamcoder' })
        await expect(loaded).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED_FORMAT' })
      }
      expect(beamcoderProcesses()).toEqual(before)
    },
  )

  test.skipIf(!available)(
    'a file that is not there, and an empty one, are typed errors',
    async () => {
      const source = { path: '/nowhere.wav', bytes: null, label: 'nowhere' }
      const handle = beamcoderBackend.open!(source, wholeFile())
      await expect(handle).rejects.toMatchObject({ code: 'ERR_NOT_FOUND', backend: 'beamcoder' })
      await expect(
        load(temporaryFile('empty.wav', makeWav({ frames: 0 })), { backend: 'beamcoder' }),
      ).rejects.toMatchObject({
        code: 'ERR_CORRUPT',
      })
    },
  )
})
