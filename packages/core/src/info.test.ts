import { expect, test } from 'vitest'

import { openingRamp, plainRamp, rampFile, rampInfo, readRamp } from '../test/ramp-codec.js'
import { resetRegistry } from '../test/reset-registry.js'
import { info, registerBackend } from './index.js'
import type { BackendRequest } from './index.js'

resetRegistry()

const ramp = { sampleRate: 800, channels: 2, frames: 800 }
const file = rampFile(ramp)

test('a backend with info is asked, and decodes nothing', async () => {
  const decode = async (): Promise<never> => Promise.reject(new Error('no need'))
  registerBackend(plainRamp({ decode, info: async (source) => rampInfo(readRamp(source)) }))
  expect(await info(file)).toEqual(rampInfo(ramp))
})

test('a backend that opens is opened, asked and closed', async () => {
  const requests: BackendRequest[] = []
  let closed = 0
  registerBackend(openingRamp({ requests, closed: () => closed++ }))
  expect(await info(file)).toEqual(rampInfo(ramp, { backend: 'opening' }))
  expect(requests).toEqual([])
  expect(closed).toBe(1)
})

test('from a backend that only decodes, format, rate, channels and length are known', async () => {
  registerBackend(plainRamp())
  expect(await info(file)).toMatchObject({
    sampleRate: 800,
    channels: 2,
    frames: 800,
    framesExact: true,
    durationSeconds: 1,
    backend: 'ramp',
  })
})

test('an estimate is told as one; scan makes it exact by counting', async () => {
  const estimate = { frames: 700, framesExact: false, durationSeconds: 0.875 }
  for (const blocks of [true, false]) {
    registerBackend(openingRamp({ blocks, info: estimate }))
    expect(await info(file)).toMatchObject(estimate)
    expect(await info(file, { scan: true })).toMatchObject({
      frames: 800,
      framesExact: true,
      durationSeconds: 1,
    })
  }
})

test('a backend that can scan is asked to', async () => {
  const requests: BackendRequest[] = []
  const look = async (
    _: unknown,
    request: BackendRequest,
  ): Promise<ReturnType<typeof rampInfo>> => {
    requests.push(request)
    return rampInfo(ramp, request.scan === true ? {} : { frames: null, framesExact: false })
  }
  registerBackend(plainRamp({ info: look }))
  expect(await info(file)).toMatchObject({ frames: null, framesExact: false })
  expect(await info(file, { scan: true })).toMatchObject({ frames: 800, framesExact: true })
  expect(requests.map(({ scan }) => scan)).toEqual([undefined, true])
})

test('the track and the limits reach the backend', async () => {
  const requests: BackendRequest[] = []
  const look = async (
    _: unknown,
    request: BackendRequest,
  ): Promise<ReturnType<typeof rampInfo>> => {
    requests.push(request)
    return rampInfo(ramp)
  }
  registerBackend(plainRamp({ info: look }))
  await info(file, { track: 2, limits: { maxChannels: 5 } })
  expect(requests[0]).toMatchObject({ track: 2, limits: { maxChannels: 5, network: true } })
})

test.each([
  { sampleRate: 0 },
  { sampleRate: 44_100.5 },
  { channels: 0 },
  { frames: -1 },
  { frames: 1.5 },
])('an info with %o is an error', async (numbers) => {
  registerBackend(plainRamp({ info: async () => rampInfo(ramp, numbers) }))
  await expect(info(file)).rejects.toMatchObject({ code: 'ERR_CORRUPT', backend: 'ramp' })
})
