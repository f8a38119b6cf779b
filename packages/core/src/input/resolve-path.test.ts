import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { defaultLimits } from '../limits.js'
import { HEADER_BYTES } from './read-header.js'
import { resolveInput } from './resolve-input.js'
import { toBytes } from './to-bytes.js'
import { toTemporaryPath } from './to-temporary-path.js'

const limits = defaultLimits
let folder: string
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'core-inputs-'))
  await writeFile(at('a.WAV'), 'RIFF0123WAVE')
})
afterAll(() => rm(folder, { recursive: true }))

describe('a path', () => {
  test('becomes an absolute path, a size, the first bytes and a plain extension', async () => {
    const given = relative(process.cwd(), at('a.WAV'))
    const input = await resolveInput(given, { limits })
    expect(input).toEqual({
      path: at('a.WAV'),
      bytes: null,
      label: given,
      size: 12,
      header: new TextEncoder().encode('RIFF0123WAVE'),
      extension: 'wav',
    })
  })

  test('may be a file: URL, as text or as an object', async () => {
    const url = pathToFileURL(at('a.WAV'))
    for (const given of [url, url.href]) {
      expect((await resolveInput(given, { limits })).path).toBe(at('a.WAV'))
    }
  })

  test.each(['C:\\x.wav', 'wav:x', 'http', 'httpx://a/b.wav', 'x/http://a.wav'])(
    '%s is a path, not a URL',
    async (path) => {
      await expect(resolveInput(path, { limits })).rejects.toMatchObject({
        code: 'ERR_NOT_FOUND',
        input: path,
      })
    },
  )

  test('to nothing is ERR_NOT_FOUND', async () => {
    const gone = resolveInput(at('gone.wav'), { limits })
    await expect(gone).rejects.toMatchObject({ code: 'ERR_NOT_FOUND', cause: { code: 'ENOENT' } })
    const below = resolveInput(join(at('a.WAV'), 'b.wav'), { limits })
    await expect(below).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' })
  })

  test('to a directory is ERR_IO that says so', async () => {
    await mkdir(at('music.wav'))
    const error = resolveInput(at('music.wav'), { limits })
    await expect(error).rejects.toMatchObject({ code: 'ERR_IO' })
    await expect(error).rejects.toThrow('is a directory')
  })

  test.skipIf(process.platform === 'win32')('to a pipe or device is ERR_IO, at once', async () => {
    execFileSync('mkfifo', [at('pipe.wav')])
    for (const path of [at('pipe.wav'), '/dev/zero']) {
      const error = resolveInput(path, { limits })
      await expect(error).rejects.toMatchObject({ code: 'ERR_IO' })
      await expect(error).rejects.toThrow('Pass a stream')
    }
  })

  test.skipIf(process.platform === 'win32')('in circles is ERR_IO', async () => {
    await symlink('loop.wav', at('loop.wav'))
    await expect(resolveInput(at('loop.wav'), { limits })).rejects.toMatchObject({ code: 'ERR_IO' })
  })

  test.skipIf(process.platform === 'win32')(
    'without permission is ERR_IO that names the permissions',
    async () => {
      await writeFile(at('secret.wav'), 'RIFF')
      await chmod(at('secret.wav'), 0)
      // The superuser may read everything, so the test is somebody else meanwhile.
      const isRoot = process.geteuid!() === 0
      if (isRoot) process.seteuid!(65_534)
      try {
        const error = resolveInput(at('secret.wav'), { limits })
        await expect(error).rejects.toMatchObject({ code: 'ERR_IO' })
        await expect(error).rejects.toThrow('permissions')
      } finally {
        if (isRoot) process.seteuid!(0)
      }
    },
  )

  test('to an empty file is ERR_CORRUPT', async () => {
    await writeFile(at('empty.wav'), '')
    await expect(resolveInput(at('empty.wav'), { limits })).rejects.toMatchObject({
      code: 'ERR_CORRUPT',
    })
  })

  test('to a file above the limit is ERR_LIMIT_EXCEEDED, at the limit it is not', async () => {
    const eleven = { ...limits, maxInputBytes: 11 }
    await expect(resolveInput(at('a.WAV'), { limits: eleven })).rejects.toMatchObject({
      code: 'ERR_LIMIT_EXCEEDED',
    })
    const twelve = { ...limits, maxInputBytes: 12 }
    expect((await resolveInput(at('a.WAV'), { limits: twelve })).size).toBe(12)
  })

  test('that is empty or holds a null character is a TypeError', async () => {
    await expect(resolveInput('', { limits })).rejects.toThrow(TypeError)
    await expect(resolveInput('a\0.wav', { limits })).rejects.toThrow(TypeError)
  })

  test('is not read once the signal has fired', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(resolveInput(at('a.WAV'), { limits, signal })).rejects.toThrow('enough')
  })
})

describe('the header', () => {
  test('begins behind ID3v2 tags, however large', async () => {
    const picture = new Uint8Array(300_000)
    const tag = (size: number): number[] => [
      ...Buffer.from('ID3\x04\0\0'),
      ...[21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f),
    ]
    const audio = new Uint8Array(2 * HEADER_BYTES).fill(0xaa)
    const bytes = Buffer.concat([
      Buffer.from(tag(picture.length)),
      picture,
      Buffer.from(tag(3)),
      Buffer.from('abc'),
      audio,
    ])
    await writeFile(at('tagged.mp3'), bytes)
    for (const given of [at('tagged.mp3'), bytes]) {
      const { header } = await resolveInput(given, { limits })
      expect(header).toEqual(new Uint8Array(HEADER_BYTES).fill(0xaa))
    }
  })

  test('begins with the tag when that claims to be all there is', async () => {
    const bytes = Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f, 1, 2)
    expect((await resolveInput(bytes, { limits })).header).toEqual(bytes)
  })
})

describe('a resolved path', () => {
  test('gives its bytes to backends that need them, within the limit', async () => {
    const input = await resolveInput(at('a.WAV'), { limits })
    expect(new TextDecoder().decode(await toBytes(input, { limits }))).toBe('RIFF0123WAVE')
    await writeFile(at('a.WAV'), 'RIFF0123WAVE-longer')
    const small = { ...limits, maxInputBytes: 12 }
    await expect(toBytes(input, { limits: small })).rejects.toMatchObject({
      code: 'ERR_LIMIT_EXCEEDED',
    })
    await rm(at('a.WAV'))
    await expect(toBytes(input, { limits })).rejects.toMatchObject({ code: 'ERR_NOT_FOUND' })
    await writeFile(at('a.WAV'), 'RIFF0123WAVE')
  })

  test('stays itself as a temporary path and is not removed', async () => {
    const input = await resolveInput(at('a.WAV'), { limits })
    const temporary = await toTemporaryPath(input)
    expect(temporary.path).toBe(input.path)
    await temporary[Symbol.asyncDispose]()
    expect((await resolveInput(at('a.WAV'), { limits })).size).toBe(12)
  })
})
