import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { makeWav, platformNames, temporaryFolder } from '@audiodecode/test-support'
import { expect, test } from 'vitest'

import { PLATFORMS, ffmpegBackend } from '../src/ffmpeg-backend.js'

const temporaryFile = temporaryFolder()
const here = fileURLToPath(new URL('..', import.meta.url))
const wav = JSON.stringify(temporaryFile('short.wav', makeWav({ frames: 1000 })))
const { available } = await ffmpegBackend.status!()

/** Runs a module in a Node of its own, in this package, on what is built; gives what it prints, as JSON. */
async function run(code: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const prelude = `import { load } from '@audiodecode/core'; import { ffmpegBackend } from '@audiodecode/backend-ffmpeg'
    const loaded = (name) => process.report.getReport().sharedObjects.filter((path) => path.includes(name));`
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', prelude + code],
    { cwd: here, timeout: 60_000, env: { ...process.env, ...env } },
  )
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

/** Loads a file with this backend alone and prints how that went. */
const outcome = `const error = await load(${wav}, { backend: 'ffmpeg' }).then(() => null, (error) => error)
  const status = await ffmpegBackend.status()
  console.log(JSON.stringify({ name: error?.name, code: error?.code, message: error?.message, status }))`

test.skipIf(!available)('importing loads neither the addon nor FFmpeg, decoding does', async () => {
  const code = `const before = [loaded('.node').length, loaded('libavformat').length]
    const { frames } = await load(${wav}, { backend: 'ffmpeg' })
    console.log(JSON.stringify([before, frames, loaded('.node').length, loaded('libavformat').length]))`
  expect(await run(code)).toEqual([[0, 0], 1000, 1, 1])
})

test.skipIf(!available)('status tells the version of FFmpeg and of its libraries', async () => {
  const { version, hint } = await ffmpegBackend.status!()
  expect(version).toMatch(/^FFmpeg \S+ \(libavutil \d+\.\d+, libavcodec \d+\.\d+, libavformat \d+/)
  expect(hint).toBeNull()
})

test.skipIf(!available)('FFmpeg prints nothing, whatever it is given', async () => {
  const noise = Buffer.from(Array.from({ length: 3000 }, (_, n) => (n * 73) % 251))
  const broken = JSON.stringify(temporaryFile('broken.mp3', Buffer.concat([noise, noise])))
  const code = `const codes = []
    for (const file of [${broken}, ${wav}]) {
      await load(file, { backend: 'ffmpeg' }).then(() => codes.push(null), ({ code }) => codes.push(code))
    }
    console.log(JSON.stringify(codes))`
  // What it prints would be no JSON, or on standard error.
  expect(await run(code)).toEqual(['ERR_UNSUPPORTED_FORMAT', null])
})

test.skipIf(!available)(
  'the folders that the variable names are the only ones that are looked at',
  async () => {
    const find = `await ffmpegBackend.status(); console.log(JSON.stringify(loaded('libavutil')[0]))`
    const path = (await run(find)) as string
    const folder = path.slice(0, path.lastIndexOf('/'))
    expect(await run(outcome, { AUDIODECODE_FFMPEG: `/nowhere:${folder}` })).toMatchObject({
      status: { available: true },
    })
    expect(await run(outcome, { AUDIODECODE_FFMPEG: '/nowhere' })).toMatchObject({
      code: 'ERR_BACKEND_UNAVAILABLE',
      message: expect.stringContaining(
        'No FFmpeg was found in /nowhere, which is all that AUDIODECODE_FFMPEG names; supported are',
      ) as string,
      status: { available: false },
    })
  },
)

test.skipIf(process.platform !== 'linux' || !available)(
  'libraries that are broken are told, with the versions that are supported and what to install',
  async () => {
    // Under every name that is looked for, so that those of the system are never reached.
    const names = [61, 60, 59, 58, 57].map((version) => `avutil.so.${version}`)
    const paths = names.map((name) => temporaryFile(`lib${name}`, 'this is no library'))
    const folder = paths[0]!.slice(0, paths[0]!.lastIndexOf('/'))
    expect(await run(outcome, { LD_LIBRARY_PATH: folder, AUDIODECODE_FFMPEG: '' })).toMatchObject({
      name: 'AudioDecodeError',
      code: 'ERR_BACKEND_UNAVAILABLE',
      message: expect.stringMatching(
        /No FFmpeg was found; supported are FFmpeg 5\.1 to 9\..*install.*libavutil\.so\.57/s,
      ) as string,
      status: {
        available: false,
        version: null,
        hint: expect.stringContaining('AUDIODECODE_FFMPEG') as string,
      },
    })
  },
)

test.skipIf(process.platform !== 'linux' || !available)(
  'what was read to open the libraries does not count as memory of the process',
  async () => {
    // Pages of libraries as the file has them, in KiB. Of Debian's FFmpeg and all that it needs it would be 20,000.
    const code = `import { readFileSync } from 'node:fs'
      const clean = () => readFileSync('/proc/self/smaps', 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)
        .filter((mapping) => /\\.so(\\.|$)/m.test(mapping.split('\\n')[0]))
        .flatMap((mapping) => [...mapping.matchAll(/_Clean: +(\\d+)/g)])
        .reduce((sum, [, count]) => sum + Number(count), 0)
      const before = clean()
      const { available } = await ffmpegBackend.status()
      const opened = clean() - before
      const { frames } = await load(${wav}, { backend: 'ffmpeg' })
      console.log(JSON.stringify({ available, opened, frames }))`
    const { opened, ...rest } = (await run(code)) as { readonly opened: number }
    expect(rest).toEqual({ available: true, frames: 1000 })
    expect(opened).toBeLessThan(6_000)
  },
)

test('the platforms the advice names are those that are published', () => {
  const require = createRequire(import.meta.url)
  const { napi } = require('../package.json') as { napi: { targets: string[] } }
  expect(PLATFORMS).toEqual(platformNames(napi.targets))
})
