import { expect, test } from 'vitest'

import { openingRamp, plainRamp, rampFile, rampSamples } from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import { AudioDecodeError, AudioDecoder, info, load, registerBackend, stream } from './index.js'
import type { AudioBackend, AudioDecodeErrorCode } from './index.js'

resetRegistry()

const file = rampFile({ sampleRate: 800, channels: 1, frames: 80 })

function failing(name: string, code: AudioDecodeErrorCode, message = 'no'): AudioBackend {
  const decode = async (): Promise<never> => {
    throw new AudioDecodeError(code, message)
  }
  return plainRamp({ name, tier: 'preferred', decode })
}

test('tiers are asked in order, and in a tier the first registered first', async () => {
  const asked: string[] = []
  const note = (name: string, tier: AudioBackend['tier']): void => {
    registerBackend({
      ...failing(name, 'ERR_UNSUPPORTED_FORMAT'),
      tier,
      supports: () => asked.push(name) > 0,
    })
  }
  note('last', 'fallback')
  note('third', 'standard')
  note('first', 'preferred')
  note('second', 'preferred')
  await expect(load(file)).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED_FORMAT' })
  expect(asked).toEqual(['first', 'second', 'third', 'last'])
})

test('the next backend takes over, and the report keeps every refusal', async () => {
  registerBackend(failing('a', 'ERR_UNSUPPORTED_FORMAT', 'HE-AAC is beyond me'))
  registerBackend(failing('b', 'ERR_BACKEND_UNAVAILABLE', 'the addon is missing'))
  registerBackend(plainRamp({ name: 'c', tier: 'preferred', supports: () => false }))
  registerBackend(
    plainRamp({
      name: 'd',
      tier: 'preferred',
      supports() {
        throw new Error('oops')
      },
    }),
  )
  registerBackend(plainRamp())
  const declined = [
    { backend: 'a', reason: 'HE-AAC is beyond me' },
    { backend: 'b', reason: 'the addon is missing' },
    { backend: 'c', reason: expect.stringContaining('does not read') },
    { backend: 'd', reason: 'its supports() failed: oops' },
  ]
  const audio = await load(file)
  expect(audio.backend).toBe('ramp')
  expect(audio.data).toEqual(rampSamples(1, 0, 80))
  expect(audio.report.declined).toEqual(declined)
  for await (const block of stream(file)) expect(block.report.declined).toEqual(declined)
  const decoder = await AudioDecoder.open(file)
  expect((await decoder.decode()).report.declined).toEqual(declined)
  await decoder.close()
  expect(await info(file)).toMatchObject({ backend: 'ramp', frames: 80 })
})

test.each(['ERR_CORRUPT', 'ERR_LIMIT_EXCEEDED', 'ERR_IO', 'ERR_NOT_FOUND'] as const)(
  '%s is final: no other backend is asked',
  async (code) => {
    let asked = 0
    registerBackend(failing('first', code, 'bits are gone'))
    registerBackend(plainRamp({ supports: () => ++asked > 0 }))
    await expect(load(file)).rejects.toMatchObject({
      code,
      message: 'bits are gone',
      backend: 'first',
      input: '16 bytes',
    })
    expect(asked).toBe(0)
  },
)

test('whatever else a backend throws is ERR_CORRUPT with its cause', async () => {
  const cause = new RangeError('Offset is outside the bounds of the DataView')
  registerBackend(
    plainRamp({
      decode() {
        throw cause
      },
    }),
  )
  await expect(load(file)).rejects.toMatchObject({ code: 'ERR_CORRUPT', backend: 'ramp', cause })
})

test('when all decline, the error lists each and says what to install', async () => {
  registerBackend(failing('rust', 'ERR_UNSUPPORTED_FORMAT', 'no HE-AAC here'))
  registerBackend(plainRamp({ supports: () => false }))
  const error: unknown = await load(file).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED_FORMAT' })
  const { message } = error as AudioDecodeError
  expect(message).toContain('rust: no HE-AAC here')
  expect(message).toContain('ramp: does not read')
  expect(message).toContain('npm i @audiodecode/backend-ffmpeg')
})

test('nothing is advised that is installed already', async () => {
  registerBackend(failing('ffmpeg', 'ERR_UNSUPPORTED_FORMAT'))
  await expect(load(file)).rejects.toThrow(/^(?!.*npm i)/su)
})

test('an unavailable backend gives its code to the error, since the file may be fine', async () => {
  registerBackend(failing('rust', 'ERR_BACKEND_UNAVAILABLE', 'no addon for this system'))
  await expect(load(file)).rejects.toMatchObject({
    code: 'ERR_BACKEND_UNAVAILABLE',
    message: expect.stringContaining('rust: no addon for this system'),
    cause: expect.objectContaining({ message: 'no addon for this system' }),
  })
})

test('without a backend the error says what to install', async () => {
  for (const call of [load(file), info(file), AudioDecoder.open(file)]) {
    await expect(call).rejects.toMatchObject({
      code: 'ERR_NO_BACKEND',
      message: expect.stringContaining('npm i @audiodecode/backend-rust'),
    })
  }
})

test('named backends are asked alone, in that order, without their supports()', async () => {
  registerBackend(openingRamp())
  registerBackend(plainRamp({ supports: () => false }))
  registerBackend(failing('no', 'ERR_UNSUPPORTED_FORMAT'))
  expect((await load(file, { backend: 'ramp' })).backend).toBe('ramp')
  const audio = await load(file, { backend: ['no', 'absent', 'ramp', 'opening'] })
  expect(audio.backend).toBe('ramp')
  expect(audio.report.declined.map(({ backend }) => backend)).toEqual(['no', 'absent'])
})

test('a named backend that is not registered is unavailable, with advice', async () => {
  registerBackend(plainRamp())
  await expect(load(file, { backend: 'sndfile' })).rejects.toMatchObject({
    code: 'ERR_BACKEND_UNAVAILABLE',
    message: expect.stringContaining('import its package'),
  })
})

test('an error from another copy of core counts the same', async () => {
  const { AudioDecodeError: Other } = (await import('./errors.js?copy' as string)) as {
    AudioDecodeError: typeof AudioDecodeError
  }
  expect(Other).not.toBe(AudioDecodeError)
  const decode = async (): Promise<never> => {
    throw new Other('ERR_UNSUPPORTED_FORMAT', 'not mine')
  }
  registerBackend(plainRamp({ name: 'other', tier: 'preferred', decode }))
  registerBackend(plainRamp())
  expect((await load(file)).report.declined).toEqual([{ backend: 'other', reason: 'not mine' }])
})

test('a backend that takes only paths gets a file, which is gone afterwards', async () => {
  const { access, readFile } = await import('node:fs/promises')
  let seen: string | null = null
  const backend = plainRamp({
    capabilities: { inputs: ['path'] },
    async decode({ path, bytes }) {
      seen = path
      expect(bytes).toBeNull()
      expect(new Uint8Array(await readFile(path!))).toEqual(file)
      return { data: new Float32Array(1), channels: 1, sampleRate: 800 }
    },
  })
  registerBackend(backend)
  expect((await load(file)).frames).toBe(1)
  await expect(access(seen!)).rejects.toThrow('ENOENT')
})
