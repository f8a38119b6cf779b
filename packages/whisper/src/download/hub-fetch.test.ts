import { afterEach, expect, test, vi } from 'vitest'

import { HubStatusError } from './hub-error.js'
import { hubFetch, readBody, withRetries } from './hub-fetch.js'

const access = { endpoint: 'http://hub', token: undefined, signal: undefined, pauseMs: 1 }

afterEach(() => vi.unstubAllGlobals())

test('a page of the list that lies elsewhere does not get the token', async () => {
  const shown: (string | null)[] = []
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    shown.push(new Headers(init.headers).get('authorization'))
    return new Response('[]')
  })
  const fetch = hubFetch({ ...access, token: 'secret' })
  await fetch('http://hub/api/models')
  await fetch('http://elsewhere/api/models?cursor=2')
  expect(shown).toEqual(['Bearer secret', null])
})

test('a connection that has fallen silent ends with an error, and its request is given up', async () => {
  let wasGivenUp = false
  const silent = async (signal: AbortSignal): Promise<Response> =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(10))
          signal.addEventListener('abort', () => {
            wasGivenUp = true
            controller.error(signal.reason)
          })
        },
      }),
    )
  const read = async (): Promise<number> => {
    let bytes = 0
    for await (const { chunk } of readBody(silent, 20)) bytes += chunk.length
    return bytes
  }
  await expect(read()).rejects.toThrow('nothing has come for 0.02 s')
  expect(wasGivenUp).toBe(true)
})

test('four failures in a row are the end, and getting further begins the count anew', async () => {
  let calls = 0
  const fails = withRetries(access, async (progressed) => {
    calls += 1
    if (calls === 3) progressed()
    throw new TypeError('fetch failed')
  })
  await expect(fails).rejects.toThrow('fetch failed')
  expect(calls).toBe(6)
})

test('what cannot pass is not tried again', async () => {
  for (const error of [
    new HubStatusError(404, 'http://hub/x'),
    Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' }),
  ]) {
    let calls = 0
    const fails = withRetries(access, async () => {
      calls += 1
      throw error
    })
    await expect(fails).rejects.toBe(error)
    expect(calls).toBe(1)
  }
})
