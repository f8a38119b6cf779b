import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { makeWav, platformNames, temporaryFolder } from '@audiodecode/test-support'
import { expect, test } from 'vitest'

import { PLATFORMS, sndfileBackend } from '../src/sndfile-backend.js'

const temporaryFile = temporaryFolder()
const here = fileURLToPath(new URL('..', import.meta.url))
const wav = JSON.stringify(temporaryFile('short.wav', makeWav({ frames: 1000 })))
const { available } = await sndfileBackend.status!()

/** Runs a module in a Node of its own, in this package, on what is built; gives what it prints, as JSON. */
async function run(code: string, libsndfile = ''): Promise<unknown> {
  const prelude = `import { load } from '@audiodecode/core'; import { sndfileBackend } from '@audiodecode/backend-sndfile'
    const loaded = (name) => process.report.getReport().sharedObjects.filter((path) => path.includes(name));`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', prelude + code],
    { cwd: here, timeout: 60_000, env: { ...process.env, AUDIODECODE_LIBSNDFILE: libsndfile } },
  )
  return JSON.parse(stdout)
}

/** Loads a file with this backend alone and prints how that went. */
const outcome = `const error = await load(${wav}, { backend: 'sndfile' }).then(() => null, (error) => error)
  const status = await sndfileBackend.status()
  console.log(JSON.stringify({ name: error?.name, code: error?.code, message: error?.message, status }))`

test.skipIf(!available)(
  'importing loads neither the addon nor libsndfile, decoding does',
  async () => {
    const code = `const before = [loaded('.node').length, loaded('libsndfile').length]
    const { frames } = await load(${wav}, { backend: 'sndfile' })
    console.log(JSON.stringify([before, frames, loaded('.node').length, loaded('libsndfile').length > 0]))`
    expect(await run(code)).toEqual([[0, 0], 1000, 1, true])
  },
)

test.skipIf(!available)('status tells the version of libsndfile', async () => {
  const { version, hint } = await sndfileBackend.status!()
  expect(version).toMatch(/^libsndfile-\d+\.\d+\.\d+/)
  expect(hint).toBeNull()
})

test('what is no library is ERR_BACKEND_UNAVAILABLE, with the command that installs one', async () => {
  const broken = temporaryFile('libsndfile.so.1', 'this is no library')
  expect(await run(outcome, broken)).toMatchObject({
    name: 'AudioDecodeError',
    code: 'ERR_BACKEND_UNAVAILABLE',
    message: expect.stringMatching(
      /libsndfile could not be loaded.*libsndfile\.so\.1.*install|put/,
    ) as string,
    status: {
      available: false,
      version: null,
      hint: expect.stringContaining('AUDIODECODE_LIBSNDFILE') as string,
    },
  })
})

test('a library that is nowhere is ERR_BACKEND_UNAVAILABLE', async () => {
  expect(await run(outcome, '/nowhere/libsndfile.so')).toMatchObject({
    code: 'ERR_BACKEND_UNAVAILABLE',
    message: expect.stringContaining('/nowhere/libsndfile.so') as string,
    status: { available: false },
  })
})

test.skipIf(process.platform !== 'linux')('another library is told from libsndfile', async () => {
  expect(await run(outcome, 'libc.so.6')).toMatchObject({
    code: 'ERR_BACKEND_UNAVAILABLE',
    message: expect.stringContaining('it is not libsndfile') as string,
  })
})

test.skipIf(!available)('the variable names the library that is used', async () => {
  const find = `await sndfileBackend.status(); console.log(JSON.stringify(loaded('libsndfile')[0]))`
  const path = (await run(find)) as string
  expect(await run(outcome, path)).toMatchObject({ status: { available: true } })
})

test('the platforms the advice names are those that are published', () => {
  const require = createRequire(import.meta.url)
  const { napi } = require('../package.json') as { napi: { targets: string[] } }
  expect(PLATFORMS).toEqual(platformNames(napi.targets))
})
