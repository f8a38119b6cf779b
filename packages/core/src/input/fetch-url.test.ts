import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, expect, test } from 'vitest'

import { defaultLimits } from '../limits.js'
import { resolveInput } from './resolve-input.js'

const limits = { ...defaultLimits, networkTimeoutMs: 5_000 }
const five = Buffer.from([1, 2, 3, 4, 5])
const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

/** A server on this machine; gives its address, without a slash at the end. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('an http: URL becomes its bytes, with the extension of its path', async () => {
  const address = await serve((_, response) => response.end(five))
  const url = `${address}/a/b.MP3?x=y.wav`
  for (const given of [url, new URL(url)]) {
    const input = await resolveInput(given, { limits })
    expect([...input.bytes!]).toEqual([...five])
    expect(input).toMatchObject({ path: null, label: url, extension: 'mp3' })
  }
})

test('limits.network: false is ERR_LIMIT_EXCEEDED before any connection', async () => {
  let asked = 0
  const address = await serve((_, response) => response.end(`${asked++}`))
  await expect(
    resolveInput(address, { limits: { ...limits, network: false } }),
  ).rejects.toMatchObject({ code: 'ERR_LIMIT_EXCEEDED' })
  expect(asked).toBe(0)
})

test('status 404 is ERR_NOT_FOUND, other failures are ERR_IO and name the status', async () => {
  const address = await serve((request, response) => {
    response.statusCode = Number(request.url!.slice(1))
    response.end('sorry')
  })
  const missing = resolveInput(`${address}/404`, { limits })
  await expect(missing).rejects.toMatchObject({ code: 'ERR_NOT_FOUND', input: `${address}/404` })
  for (const status of [403, 500, 304]) {
    const failing = resolveInput(`${address}/${status}`, { limits })
    await expect(failing).rejects.toMatchObject({ code: 'ERR_IO' })
    await expect(failing).rejects.toThrow(String(status))
  }
})

test('five redirects are followed, a sixth is ERR_IO', async () => {
  const address = await serve((request, response) => {
    const left = Number(request.url!.slice(1))
    if (left === 0) response.end(five)
    else
      response.writeHead([301, 302, 303, 307, 308][left % 5]!, { location: `/${left - 1}` }).end()
  })
  expect((await resolveInput(`${address}/5`, { limits })).size).toBe(5)
  const sixth = resolveInput(`${address}/6`, { limits })
  await expect(sixth).rejects.toMatchObject({ code: 'ERR_IO' })
  await expect(sixth).rejects.toThrow('more than 5 times')
})

test('a redirect in circles ends, one to another scheme is not followed', async () => {
  const address = await serve((request, response) => {
    const location = request.url === '/loop' ? '/loop' : decodeURIComponent(request.url!.slice(1))
    response.writeHead(302, { location }).end()
  })
  for (const path of ['loop', 'file:%2F%2F%2Fetc%2Fpasswd', 'data:,x', 'ftp:%2F%2Flocalhost']) {
    await expect(resolveInput(`${address}/${path}`, { limits })).rejects.toMatchObject({
      code: 'ERR_IO',
    })
  }
})

test('a password goes to the server that it is for, to no other and into no message', async () => {
  const seen: (string | undefined)[] = []
  const other = await serve((request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(404).end()
  })
  const address = await serve((request, response) => {
    seen.push(request.headers.authorization)
    const location = request.url === '/' ? '/second' : `${other}/`
    response.writeHead(302, { location }).end()
  })
  const failing = resolveInput(address.replace('://', '://me:s%C3%A9cret@'), { limits })
  await expect(failing).rejects.toMatchObject({ code: 'ERR_NOT_FOUND', input: `${address}/` })
  const { message } = (await failing.catch((error: unknown) => error)) as Error
  expect(message).toContain(address)
  expect(message).not.toContain('cret')
  const basic = `Basic ${Buffer.from('me:sécret').toString('base64')}`
  expect(seen).toEqual([basic, basic, undefined])
})

test('a promised length above the limit is refused before the body is read', async () => {
  let closed: () => void
  const hungUp = new Promise<void>((resolve) => (closed = resolve))
  const address = await serve((_, response) => {
    response.on('close', () => closed())
    response.writeHead(200, { 'content-length': '1000' }).write(five)
  })
  await expect(
    resolveInput(address, { limits: { ...limits, maxInputBytes: 999 } }),
  ).rejects.toMatchObject({ code: 'ERR_LIMIT_EXCEEDED' })
  await hungUp
})

test('a body without a promised length is cut off at the limit', async () => {
  let closed: () => void
  const hungUp = new Promise<void>((resolve) => (closed = resolve))
  const address = await serve((_, response) => {
    const sending = setInterval(() => response.write(Buffer.alloc(1_000)), 1)
    response.on('close', () => {
      clearInterval(sending)
      closed()
    })
  })
  await expect(
    resolveInput(address, { limits: { ...limits, maxInputBytes: 5_000 } }),
  ).rejects.toMatchObject({ code: 'ERR_LIMIT_EXCEEDED' })
  await hungUp
})

test('a body that ends before its promised length is ERR_IO', async () => {
  const address = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write(five, () => response.destroy())
  })
  await expect(resolveInput(address, { limits })).rejects.toMatchObject({ code: 'ERR_IO' })
  const headers = { 'content-length': '9' }
  const cut = resolveInput(new Response(five, { headers }), { limits })
  await expect(cut).rejects.toMatchObject({ code: 'ERR_IO' })
  await expect(cut).rejects.toThrow('after 5 of 9 bytes')
})

test.each(['before the answer', 'in the middle of the body'])(
  'silence %s is ERR_IO',
  async (when) => {
    const address = await serve((_, response) => {
      if (when !== 'before the answer') response.writeHead(200).write(five)
    })
    const silent = resolveInput(address, { limits: { ...limits, networkTimeoutMs: 100 } })
    await expect(silent).rejects.toMatchObject({ code: 'ERR_IO' })
    await expect(silent).rejects.toThrow('networkTimeoutMs')
  },
)

test('a slow body that keeps coming may take longer than the time-out', async () => {
  const address = await serve((_, response) => {
    let left = 8
    const sending = setInterval(() => {
      response.write(five)
      if (--left > 0) return
      clearInterval(sending)
      response.end()
    }, 50)
  })
  const input = await resolveInput(address, { limits: { ...limits, networkTimeoutMs: 250 } })
  expect(input.size).toBe(40)
})

test('nobody listening is ERR_IO that says why', async () => {
  const address = await serve(() => {})
  closing.splice(0).forEach((close) => close())
  const failing = resolveInput(address, { limits })
  await expect(failing).rejects.toMatchObject({ code: 'ERR_IO' })
  await expect(failing).rejects.toThrow('ECONNREFUSED')
})

test.each(['before the answer', 'in the middle of the body'])(
  'a signal %s rejects with its reason and hangs up',
  async (when) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    let closed: () => void
    const hungUp = new Promise<void>((resolve) => (closed = resolve))
    const address = await serve((request, response) => {
      request.socket.on('close', () => closed())
      if (when !== 'before the answer') response.writeHead(200).write(five)
      setTimeout(() => controller.abort(reason), 50)
    })
    await expect(resolveInput(address, { limits, signal: controller.signal })).rejects.toBe(reason)
    await hungUp
  },
)

test('a malformed URL is a TypeError', async () => {
  await expect(resolveInput('http://[', { limits })).rejects.toThrow(TypeError)
})
