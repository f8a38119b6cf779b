import { chmodSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { isAudioDecodeError } from '@audiodecode/core'
import { makeWav, opener, temporaryFolder, wholeFile } from '@audiodecode/test-support'
import { expect, test } from 'vitest'

import { rustBackend } from '../src/index.js'

const openRust = opener(rustBackend)

const temporaryFile = temporaryFolder()

async function errorOf(place: string | Uint8Array): Promise<unknown> {
  try {
    const handle = await openRust(place)
    await handle.decode(wholeFile())
  } catch (error) {
    return error
  }
  throw new Error('it decoded')
}

test('a missing file is ERR_NOT_FOUND and names the file', async () => {
  const error = await errorOf('/nowhere/song.wav')
  expect(isAudioDecodeError(error)).toBe(true)
  expect(error).toMatchObject({
    code: 'ERR_NOT_FOUND',
    backend: 'rust',
    input: '/nowhere/song.wav',
    message: expect.stringContaining('/nowhere/song.wav') as string,
  })
})

test('a directory is ERR_IO', async () => {
  const folder = join(dirname(temporaryFile('x', '')), 'folder.wav')
  mkdirSync(folder)
  expect(await errorOf(folder)).toMatchObject({ code: 'ERR_IO' })
})

test.skipIf(process.platform === 'win32')('a file one may not read is ERR_IO', async () => {
  const path = temporaryFile('secret.wav', makeWav({ frames: 10 }))
  chmodSync(path, 0)
  // Loads the addon, which somebody else might not be allowed to.
  await errorOf(dirname(path))
  // The superuser may read everything, so the test is somebody else meanwhile.
  const isRoot = process.geteuid!() === 0
  if (isRoot) process.seteuid!(65_534)
  try {
    const error = await errorOf(path)
    expect(error).toMatchObject({ code: 'ERR_IO' })
    expect(String(error)).toMatch(/permission/i)
  } finally {
    if (isRoot) process.seteuid!(0)
  }
})

test('text is ERR_UNSUPPORTED_FORMAT', async () => {
  const text = Buffer.from('Ask not what your country can do for you.\n'.repeat(200))
  expect(await errorOf(text)).toMatchObject({ code: 'ERR_UNSUPPORTED_FORMAT', backend: 'rust' })
})

test('a WAV without samples is ERR_CORRUPT', async () => {
  expect(await errorOf(makeWav({ frames: 0 }))).toMatchObject({ code: 'ERR_CORRUPT' })
})

test('a file above maxInputBytes is ERR_LIMIT_EXCEEDED', async () => {
  const { limits } = wholeFile()
  const wav = makeWav({ frames: 1000 })
  const small = { limits: { ...limits, maxInputBytes: 1000 } }
  await expect(openRust(wav, small)).rejects.toMatchObject({ code: 'ERR_LIMIT_EXCEEDED' })
  const path = temporaryFile('large.wav', wav)
  await expect(openRust(path, small)).rejects.toMatchObject({ code: 'ERR_LIMIT_EXCEEDED' })
})
