import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { platformNames, temporaryFolder } from '@audiodecode/test-support'
import { expect, test } from 'vitest'

import { PLATFORMS } from '../src/load-binding.js'

const temporaryFile = temporaryFolder()
const here = fileURLToPath(new URL('..', import.meta.url))

/** Runs a module in a Node of its own, in this package, on what is built; gives what it prints, as JSON. */
async function run(code: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const prelude = `import { mfcc, stft } from '@audiodecode/features'
    const loaded = () => process.report.getReport().sharedObjects.filter((path) => path.endsWith('.node')).length
    const audio = { samples: new Float32Array(4096), sampleRate: 8000 };`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', prelude + code],
    { cwd: here, timeout: 60_000, env: { ...process.env, ...env } },
  )
  return JSON.parse(stdout)
}

test('importing loads no addon, the first call does', async () => {
  const code = `const before = loaded()
    const { shape } = await mfcc(audio)
    console.log(JSON.stringify([before, shape, loaded()]))`
  expect(await run(code)).toEqual([0, [20, 9], 1])
})

test('an addon that cannot be loaded is ERR_BACKEND_UNAVAILABLE with advice', async () => {
  const broken = temporaryFile('broken.node', 'this is no addon')
  const code = `const error = await stft(audio).then(() => null, (error) => error)
    console.log(JSON.stringify({ name: error?.name, code: error?.code, message: error?.message }))`
  expect(await run(code, { NAPI_RS_NATIVE_LIBRARY_PATH: broken })).toMatchObject({
    name: 'AudioDecodeError',
    code: 'ERR_BACKEND_UNAVAILABLE',
    message: expect.stringContaining(
      'The addon of @audiodecode/features could not be loaded',
    ) as string,
  })
})

test('wrong arguments are told without the addon', async () => {
  const code = `const error = await stft(audio, { nFft: 0 }).then(() => null, (error) => error)
    console.log(JSON.stringify([error.name, loaded()]))`
  expect(await run(code)).toEqual(['RangeError', 0])
})

test('the platforms told in errors are those that addons are built for', () => {
  const manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as {
    napi: { targets: string[] }
  }
  expect(PLATFORMS).toEqual(platformNames(manifest.napi.targets))
})
