import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { runInNewContext } from 'node:vm'

import { describe, expect, test } from 'vitest'

import type { AudioInput } from '../audio-input.js'
import { defaultLimits } from '../limits.js'
import { reserveBytes } from './private-copy.js'
import { resolveInput } from './resolve-input.js'
import { toTemporaryPath } from './to-temporary-path.js'

const limits = defaultLimits
const five = Uint8Array.of(1, 2, 3, 4, 5)
const shared = new Uint8Array(new SharedArrayBuffer(7), 1, 5)
shared.set(five)

async function* chunks(...parts: unknown[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield part as Uint8Array
}

const forms: readonly (readonly [string, () => AudioInput])[] = [
  ['a Uint8Array', () => five],
  ['a view with an offset', () => Uint8Array.of(0, 0, ...five, 0).subarray(2, 7)],
  ['a view on a SharedArrayBuffer', () => shared],
  ['a Buffer', () => Buffer.from(five)],
  ['an ArrayBuffer', () => five.slice().buffer],
  ['bytes of another realm', () => runInNewContext('Uint8Array.of(1, 2, 3, 4, 5)') as Uint8Array],
  ['a Blob', () => new Blob([five])],
  ['a Response', () => new Response(five)],
  ['a ReadableStream', () => new Blob([five]).stream()],
  ['a Node stream', () => Readable.from([five.subarray(0, 2), five.subarray(2)])],
  ['an async generator', () => chunks(five.slice(0, 1), new Uint8Array(0), five.slice(1))],
  ['a data: URL', () => `data:audio/wav;base64,${Buffer.from(five).toString('base64')}`],
  ['a URL object', () => new URL('data:,%01%02%03%04%05')],
]

describe.each(forms)('%s', (_, make) => {
  test('becomes a private copy of exactly its bytes', async () => {
    const given = make()
    const input = await resolveInput(given, { limits })
    expect(input.path).toBe(null)
    expect([...input.bytes!]).toEqual([...five])
    expect(input.size).toBe(5)
    expect([...input.header]).toEqual([...five])
    if (given instanceof Uint8Array) expect(input.bytes!.buffer).not.toBe(given.buffer)
    expect(input.header.buffer).not.toBe(input.bytes!.buffer)
  })

  test('above the limit is ERR_LIMIT_EXCEEDED', async () => {
    const four = { ...limits, maxInputBytes: 4 }
    await expect(resolveInput(make(), { limits: four })).rejects.toMatchObject({
      code: 'ERR_LIMIT_EXCEEDED',
    })
  })

  test('is refused with the reason of a signal that has fired', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(resolveInput(make(), { limits, signal })).rejects.toThrow('enough')
  })
})

describe('nothing', () => {
  test.each<readonly [string, () => AudioInput]>([
    ['no bytes', () => new Uint8Array(0)],
    ['an empty Blob', () => new Blob([])],
    ['a Response without a body', () => new Response(null)],
    ['an empty stream', () => chunks()],
    ['an empty data: URL', () => 'data:,'],
  ])('(%s) is ERR_CORRUPT', async (_, make) => {
    await expect(resolveInput(make(), { limits })).rejects.toMatchObject({ code: 'ERR_CORRUPT' })
  })

  test.each([null, undefined, 5, {}, [], new Float32Array(2), new DataView(new ArrayBuffer(2))])(
    '(%o) that is audio input is a TypeError',
    async (value) => {
      await expect(resolveInput(value as AudioInput, { limits })).rejects.toThrow(TypeError)
    },
  )

  test('a URL of another scheme is a TypeError', async () => {
    const url = new URL('ftp://localhost/a.wav')
    await expect(resolveInput(url, { limits })).rejects.toThrow(TypeError)
  })
})

describe('a large buffer', () => {
  const size = 64 * 1024 * 1024

  test('is copied while the event loop keeps running', async () => {
    const bytes = new Uint8Array(size).fill(7)
    let turns = 0
    const count = (): void => {
      turns++
      counting = setImmediate(count)
    }
    let counting = setImmediate(count)
    const input = await resolveInput(bytes, { limits })
    clearImmediate(counting)
    expect(turns).toBeGreaterThan(5)
    expect(Buffer.compare(input.bytes!, bytes)).toBe(0)
  })

  test('that is transferred during the copy is ERR_IO, never a crash', async () => {
    const bytes = new Uint8Array(size)
    const resolving = resolveInput(bytes, { limits })
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    await expect(resolving).rejects.toMatchObject({ code: 'ERR_IO' })
    await expect(resolving).rejects.toThrow('transferred')
  })

  test('that a stream yields and takes away is ERR_IO too', async () => {
    const bytes = new Uint8Array(size)
    const resolving = resolveInput(chunks(bytes), { limits })
    setImmediate(() => structuredClone(bytes.buffer, { transfer: [bytes.buffer] }))
    await expect(resolving).rejects.toMatchObject({ code: 'ERR_IO' })
  })

  test('stops being copied when the signal fires', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const resolving = resolveInput(new Uint8Array(size), { limits, signal })
    controller.abort(new Error('enough'))
    await expect(resolving).rejects.toThrow('enough')
  })
})

describe('a stream', () => {
  test('may reuse its buffer from chunk to chunk', async () => {
    const buffer = new Uint8Array(1)
    async function* reusing(): AsyncGenerator<Uint8Array> {
      for (const value of five) {
        buffer[0] = value
        yield buffer
      }
    }
    expect([...(await resolveInput(reusing(), { limits })).bytes!]).toEqual([...five])
  })

  test('of many sizes arrives whole', async () => {
    const parts = Array.from({ length: 60 }, (_, i) => new Uint8Array(i * 3_001).fill(i))
    const { bytes } = await resolveInput(chunks(...parts), { limits })
    expect(Buffer.compare(bytes!, Buffer.concat(parts))).toBe(0)
  })

  test('whose chunks are all there at once still lets the event loop run', async () => {
    const chunk = new Uint8Array(1_000_000)
    const blob = new Blob(Array.from({ length: 40 }, () => chunk))
    for (const given of [blob, chunks(...Array.from({ length: 40 }, () => chunk))]) {
      let turns = 0
      const count = (): void => {
        turns++
        counting = setImmediate(count)
      }
      let counting = setImmediate(count)
      expect((await resolveInput(given, { limits })).size).toBe(40_000_000)
      clearImmediate(counting)
      expect(turns).toBeGreaterThan(5)
    }
  })

  test('that yields no Uint8Array is a TypeError, and is left', async () => {
    for (const value of ['text', null, [1], new Float32Array(1)]) {
      let left = false
      const stream = {
        [Symbol.asyncIterator]: () => ({
          next: async () => ({ done: false, value }),
          return: async () => {
            left = true
            return { done: true, value: undefined }
          },
        }),
      } as unknown as AsyncIterable<Uint8Array>
      await expect(resolveInput(stream, { limits })).rejects.toThrow(TypeError)
      expect(left).toBe(true)
    }
  })

  test('that fails is ERR_IO with its error as cause', async () => {
    const cause = new Error('the disk burns')
    const failing = new ReadableStream<Uint8Array>({ pull: (to) => to.error(cause) })
    await expect(resolveInput(failing, { limits })).rejects.toMatchObject({ code: 'ERR_IO', cause })
  })

  test('that never answers is cancelled with the reason when the signal fires', async () => {
    let cancelled: unknown
    const silent = new ReadableStream<Uint8Array>({
      cancel(reason) {
        cancelled = reason
      },
    })
    const controller = new AbortController()
    const resolving = resolveInput(silent, { limits, signal: controller.signal })
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(resolving).rejects.toBe(reason)
    expect(cancelled).toBe(reason)
  })

  test('without end is cancelled at the limit', async () => {
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (to) => to.enqueue(new Uint8Array(1_000)),
      cancel() {
        cancelled = true
      },
    })
    const small = { ...limits, maxInputBytes: 5_000 }
    await expect(resolveInput(endless, { limits: small })).rejects.toMatchObject({
      code: 'ERR_LIMIT_EXCEEDED',
    })
    expect(cancelled).toBe(true)
  })

  test('that someone else reads, or a body that was read, is a TypeError', async () => {
    const stream = new Blob([five]).stream()
    stream.getReader()
    await expect(resolveInput(stream, { limits })).rejects.toThrow(TypeError)
    const used = new Response(five)
    await used.arrayBuffer()
    await expect(resolveInput(used, { limits })).rejects.toThrow(TypeError)
  })
})

test('a size no array can have is ERR_LIMIT_EXCEEDED', () => {
  expect(() => reserveBytes(2 ** 53, 'label')).toThrowError(
    expect.objectContaining({ code: 'ERR_LIMIT_EXCEEDED' }),
  )
})

test('a file name gives a blob its extension and its label', async () => {
  const input = await resolveInput(new File([five], 'take.2.FLAC'), { limits })
  expect(input).toMatchObject({ label: 'take.2.FLAC', extension: 'flac' })
})

test('bytes get a temporary path that disposing removes', async () => {
  const input = await resolveInput(new File([five], 'a.flac'), { limits })
  const temporary = await toTemporaryPath(input)
  expect(temporary.path).toMatch(/\.flac$/)
  expect([...(await readFile(temporary.path))]).toEqual([...five])
  if (process.platform !== 'win32') {
    expect((await stat(temporary.path)).mode & 0o777).toBe(0o600)
  }
  await temporary[Symbol.asyncDispose]()
  expect(existsSync(dirname(temporary.path))).toBe(false)
})
