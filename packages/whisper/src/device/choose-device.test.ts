import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { chooseRuntime } from '../model-options.js'
import { chooseDevice } from './choose-device.js'
import type { DeviceProbes } from './choose-device.js'
import { hasCudaLibrary } from './cuda-library.js'
import { probeRuntime } from './probe-runtime.js'
import { runtimeStatus } from './runtime-status.js'

const probes = (hasLibrary: boolean, cudaProblem: string | null): DeviceProbes => ({
  hasCudaLibrary: async () => hasLibrary,
  probeRuntime: async () => ({ version: '1', cudaProblem }),
})

test('auto is the graphics card where a graph runs there, else the processor, and says why', async () => {
  expect(await chooseDevice('auto', probes(true, null))).toMatchObject({ device: 'cuda' })
  const missing = await chooseDevice('auto', probes(false, null))
  expect(missing).toEqual({
    device: 'cpu',
    reason: 'cpu: onnxruntime-node has no CUDA libraries',
  })
  const broken = await chooseDevice('auto', probes(true, 'libcudnn.so.9: no such file'))
  expect(broken.device).toBe('cpu')
  expect(broken.reason).toContain('libcudnn.so.9')
})

test('cuda that is not there is an error that says how to add it', async () => {
  const failed = chooseDevice('cuda', probes(false, null))
  await expect(failed).rejects.toMatchObject({ code: 'ERR_BACKEND_UNAVAILABLE' })
  await expect(failed).rejects.toThrow(/ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild/u)
  await expect(chooseDevice('cuda', probes(true, 'no device'))).rejects.toThrow('no device')
})

test('the processor is asked nothing', async () => {
  const none = { hasCudaLibrary: async () => Promise.reject(new Error('asked')), probeRuntime }
  expect(await chooseDevice('cpu', none)).toMatchObject({ device: 'cpu' })
})

test('the numbers to compute with go with the device', () => {
  const cuda = { device: 'cuda', reason: 'there' } as const
  const cpu = { device: 'cpu', reason: 'here' } as const
  expect(chooseRuntime({}, cuda)).toMatchObject({ device: 'cuda', computeType: 'float16' })
  expect(chooseRuntime({}, cpu)).toMatchObject({ device: 'cpu', computeType: 'int8' })
  expect(chooseRuntime({ computeType: 'int8' }, cuda).reason).toContain('float16 instead of int8')
  expect(chooseRuntime({ computeType: 'float16' }, cpu)).toMatchObject({ computeType: 'float32' })
})

test('there is a worker for every four cores, and one for a graphics card', () => {
  expect(chooseRuntime({}, { device: 'cpu', reason: '' }, 16)).toMatchObject({
    workers: 4,
    threads: 4,
  })
  expect(chooseRuntime({}, { device: 'cpu', reason: '' }, 2)).toMatchObject({
    workers: 1,
    threads: 2,
  })
  expect(chooseRuntime({}, { device: 'cuda', reason: '' }, 16)).toMatchObject({ workers: 1 })
  expect(chooseRuntime({ workers: 2 }, { device: 'cuda', reason: '' }, 16).workers).toBe(2)
})

test('the libraries are found where onnxruntime-node puts them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'audiodecode-runtime-'))
  try {
    const bin = join(folder, 'bin', 'napi-v6', process.platform, process.arch)
    mkdirSync(bin, { recursive: true })
    writeFileSync(join(bin, 'libonnxruntime.so.1'), '')
    expect(await hasCudaLibrary(folder)).toBe(false)
    writeFileSync(join(bin, 'libonnxruntime_providers_cuda.so'), '')
    expect(await hasCudaLibrary(folder)).toBe(true)
    expect(await hasCudaLibrary('')).toBe(false)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('onnxruntime-node is really tried', async () => {
  const { version } = await probeRuntime({ cuda: false })
  expect(version).toMatch(/^\d+\.\d+\.\d+/u)
  expect(await runtimeStatus()).toEqual({
    available: true,
    version: `onnxruntime-node ${version}`,
    hint: null,
  })
  // Without its libraries, or without a card, the reason is told and nothing crashes.
  const { cudaProblem } = await probeRuntime({ cuda: true })
  expect(cudaProblem === null || cudaProblem.length > 10).toBe(true)
})

test('what cannot be loaded comes with what to install', async () => {
  const status = await runtimeStatus(async () => Promise.reject(new Error('no such module')))
  expect(status.available).toBe(false)
  expect(status.hint).toMatch(/no such module.*ONNXRUNTIME_NODE_INSTALL=skip/u)
})
