import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { beamcoderBackend } from '@audiodecode/backend-ffmpeg/beamcoder'
import { makeWav, temporaryFolder } from '@audiodecode/test-support'
import { describe, expect, test } from 'vitest'

import { beamcoderProcesses, isRunning, until } from '../src/processes.js'

const temporaryFile = temporaryFolder()
const here = fileURLToPath(new URL('..', import.meta.url))
const wav = JSON.stringify(temporaryFile('short.wav', makeWav({ frames: 1000 })))
const onLinux = process.platform === 'linux'
const { available, hint } = await beamcoderBackend.status!()

const prelude = `import { listBackends, load } from '@audiodecode/core'
  import { beamcoderBackend } from '@audiodecode/backend-ffmpeg/beamcoder'
  const attempt = async (file) => load(file, { backend: 'beamcoder' }).then(({ frames }) => frames, (error) => error);`

/** Runs a module in a Node of its own, on what is built; gives what it prints, as JSON, and how long it took. */
async function run(code: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const args = ['--input-type=module', '-e', prelude + code]
  const options = { cwd: here, timeout: 60_000, env: { ...process.env, ...env } }
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options)
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

const outcome = `const { name, code, message } = await attempt(${wav})
  const status = await beamcoderBackend.status()
  console.log(JSON.stringify({ name, code, message, status }))`

describe('beamcoder:', () => {
  // Elsewhere than in continuous integration nobody has to have compiled it.
  test.skipIf(process.env['AUDIODECODE_REQUIRE'] !== 'all')(
    'where FFmpeg 5 and its headers are, it was compiled and can be used',
    async () => {
      const script = new URL('../../../scripts/setup/build-beamcoder.mjs', import.meta.url)
      const { hasFfmpeg5Headers } = (await import(script.href)) as {
        hasFfmpeg5Headers(): Promise<boolean>
      }
      expect({ available, hint }).toMatchObject(
        (await hasFfmpeg5Headers()) ? { available: true, hint: null } : { available: false },
      )
    },
  )

  test.skipIf(!onLinux)(
    'importing registers a second backend beside the first and starts no process',
    async () => {
      const code = `import '@audiodecode/backend-ffmpeg'
      import { readFileSync } from 'node:fs'
      const children = readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8')
      const names = listBackends().map(({ name, tier }) => name + ', ' + tier)
      console.log(JSON.stringify([names.sort(), children]))`
      expect(await run(code)).toEqual([['beamcoder, fallback', 'ffmpeg, fallback'], ''])
    },
  )

  test('without beamcoder decoding is unavailable, and both errors and status say what to install', async () => {
    expect(await run(outcome, { AUDIODECODE_BEAMCODER: '/nowhere' })).toMatchObject({
      name: 'AudioDecodeError',
      code: 'ERR_BACKEND_UNAVAILABLE',
      message: expect.stringMatching(
        /nowhere is no beamcoder.*npm i beamcoder@0\.7\.1/su,
      ) as string,
      status: {
        available: false,
        version: null,
        hint: expect.stringContaining('libavdevice-dev') as string,
      },
    })
  })

  test('an addon that cannot be loaded, as with another FFmpeg, is told with the loader’s reason', async () => {
    const manifest = temporaryFile('package.json', '{ "name": "beamcoder", "version": "0.7.1" }')
    const folder = dirname(manifest)
    mkdirSync(join(folder, 'build/Release'), { recursive: true })
    temporaryFile('build/Release/beamcoder.node', 'this is no library')
    expect(await run(outcome, { AUDIODECODE_BEAMCODER: folder })).toMatchObject({
      code: 'ERR_BACKEND_UNAVAILABLE',
      message: expect.stringMatching(/cannot be loaded: .*beamcoder\.node/su) as string,
      status: { available: false, hint: expect.stringContaining('npm i beamcoder') as string },
    })
  })

  test.skipIf(!available)('status tells the version of FFmpeg', async () => {
    const status = await beamcoderBackend.status!()
    expect(status.version).toMatch(/^beamcoder on FFmpeg 5\.\d/)
  })

  test.skipIf(!available)(
    'nothing is printed, neither a banner nor what FFmpeg complains of',
    async () => {
      const noise = Buffer.from(Array.from({ length: 3000 }, (_, n) => (n * 73) % 251))
      const broken = JSON.stringify(temporaryFile('broken.mp3', Buffer.concat([noise, noise])))
      const code = `const { code } = await attempt(${broken})
      console.log(JSON.stringify([code, await attempt(${wav})]))`
      // What it prints would be no JSON, or on standard error.
      expect(await run(code)).toEqual(['ERR_UNSUPPORTED_FORMAT', 1000])
      expect(existsSync(join(here, 'crash.log'))).toBe(false)
    },
  )

  test.skipIf(!available || !onLinux)(
    'an idle process does not keep the program alive, and ends with it',
    async () => {
      const start = performance.now()
      const code = `import { readFileSync } from 'node:fs'
      await attempt(${wav})
      console.log(readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8'))`
      const child = (await run(code)) as number
      expect(performance.now() - start).toBeLessThan(8000)
      await until(() => !isRunning(child), 'the process of the program has ended')
    },
  )

  test.skipIf(!available || !onLinux)(
    'a program that is killed in the middle of a decode leaves no process behind',
    async () => {
      // Half an hour of samples, so that it works when the program is gone.
      const long = JSON.stringify(
        temporaryFile('long.wav', makeWav({ frames: 80_000_000, channels: 1 })),
      )
      const args = ['--input-type=module', '-e', `${prelude} await attempt(${long})`]
      const program = spawn(process.execPath, args, { cwd: here, stdio: 'ignore' })
      await until(() => beamcoderProcesses(program.pid).length === 1, 'its process has started')
      const [id] = beamcoderProcesses(program.pid)
      program.kill('SIGKILL')
      await until(() => !isRunning(id!), 'the process of the killed program has ended')
      expect(beamcoderProcesses()).not.toContain(id)
    },
  )
})
