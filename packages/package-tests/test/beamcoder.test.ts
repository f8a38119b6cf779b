import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { npmInstall } from './install-consumer.js'
import { expected, recording, runApp, writeApp } from './run-app.js'

const folder = mkdtempSync(join(tmpdir(), 'audiodecode-beamcoder-'))
const packed = join(folder, 'node_modules/@audiodecode/backend-ffmpeg')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "name": "consumer" }')
  const names = ['core', 'native-bridge', 'backend-ffmpeg'].map((name) => `@audiodecode/${name}`)
  npmInstall(
    folder,
    names.map((name) => inject('tarballs')[name] ?? ''),
  )
})

/** What the packed backend says of itself, and of the recording. */
function decodeWith(variables: string): unknown {
  const source = `import { listBackends, load } from '@audiodecode/core'
import { beamcoderBackend } from '@audiodecode/backend-ffmpeg/beamcoder'
${variables}
const { available, hint } = await beamcoderBackend.status()
const { frames, channels, sampleRate, code } = await load(${JSON.stringify(recording)}).catch((error) => error)
console.log(JSON.stringify({ names: listBackends().map(({ name }) => name), available, hint, frames, channels, sampleRate, code }))
`
  return runApp(process.execPath, writeApp(folder, 'beamcoder.mjs', source))
}

test('beamcoder is an optional peer, and is not installed with the FFmpeg backend', () => {
  const manifest = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as object
  expect(manifest).toMatchObject({
    peerDependencies: { beamcoder: '0.7.1' },
    peerDependenciesMeta: { beamcoder: { optional: true } },
  })
  expect(existsSync(join(folder, 'node_modules/beamcoder'))).toBe(false)
})

test('without it, the entry for it imports and says what to install', () => {
  expect(decodeWith("delete process.env['AUDIODECODE_BEAMCODER']")).toMatchObject({
    names: ['beamcoder'],
    available: false,
    hint: expect.stringContaining('npm i beamcoder@0.7.1') as string,
    code: 'ERR_BACKEND_UNAVAILABLE',
  })
})

const isThere = process.env['AUDIODECODE_BEAMCODER'] !== undefined

test.skipIf(!isThere)('beamcoder: with it, what is packed decodes', () => {
  const { frames, channels, sampleRate } = expected
  expect(decodeWith('')).toMatchObject({ available: true, frames, channels, sampleRate })
})
