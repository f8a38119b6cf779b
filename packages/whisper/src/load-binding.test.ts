import { readFileSync } from 'node:fs'

import { platformNames, temporaryFolder } from '@audiodecode/test-support'
import { afterEach, expect, test, vi } from 'vitest'

import { loadBinding, PLATFORMS } from './load-binding.js'

const temporaryFile = temporaryFolder()
afterEach(() => {
  vi.unstubAllEnvs()
})

// The first: an addon that has been loaded stays.
test('an addon that cannot be loaded is ERR_BACKEND_UNAVAILABLE with advice', () => {
  vi.stubEnv('NAPI_RS_NATIVE_LIBRARY_PATH', temporaryFile('broken.node', 'this is no addon'))
  expect(loadBinding).toThrow(
    expect.objectContaining({
      name: 'AudioDecodeError',
      code: 'ERR_BACKEND_UNAVAILABLE',
      message: expect.stringMatching(
        /^The addon of @audiodecode\/whisper could not be loaded .*'float32' needs no addon\.$/,
      ) as string,
    }),
  )
})

test('the addon has an encoder and a decoder, which refuse what are no weights', () => {
  const { NativeDecoder, NativeEncoder } = loadBinding()
  const file = temporaryFile('broken.int8', 'these are no weights')
  for (const Part of [NativeEncoder, NativeDecoder]) {
    expect(() => new Part(file, 1)).toThrow('ends too early')
    expect(() => new Part(`${file}.missing`, 1)).toThrow('cannot be read')
  }
})

test('the platforms told in errors are those that addons are built for', () => {
  const manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { napi: { targets: string[] } }
  expect(PLATFORMS).toEqual(platformNames(manifest.napi.targets))
})
