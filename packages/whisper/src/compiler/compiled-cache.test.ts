import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterAll, beforeEach, expect, test, vi } from 'vitest'

import { writeRandomModel } from '../../test/support/random-model.js'
import { compileModel } from './compile-model.js'
import { compiledModel } from './compiled-cache.js'

// Counted, otherwise as it is.
vi.mock(import('./compile-model.js'), { spy: true })

const root = mkdtempSync(join(tmpdir(), 'audiodecode-cache-'))
const model = writeRandomModel(join(root, 'model'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let caches = 0
const freshOptions = (): { computeType: 'float32'; cacheDirectory: string } => ({
  computeType: 'float32',
  cacheDirectory: join(root, `cache${caches++}`),
})
const compilations = (): number => vi.mocked(compileModel).mock.calls.length
beforeEach(() => {
  vi.mocked(compileModel).mockClear()
})

test('a model is compiled once, and then taken from the cache', async () => {
  const options = freshOptions()
  const first = await compiledModel(model, options)
  expect(existsSync(first.encoder)).toBe(true)
  expect(existsSync(first.decoder)).toBe(true)
  expect(dirname(first.directory)).toBe(options.cacheDirectory)
  expect(await compiledModel(model, options)).toEqual(first)
  expect(compilations()).toBe(1)
})

test('many who ask at the same time get one compilation, and nothing else is left', async () => {
  const options = freshOptions()
  const all = await Promise.all(
    Array.from({ length: 5 }, async () => compiledModel(model, options)),
  )
  expect(compilations()).toBe(1)
  expect(new Set(all.map(({ encoder }) => encoder)).size).toBe(1)
  expect(readdirSync(options.cacheDirectory)).toHaveLength(1)
})

test('each way to compute has its own place', async () => {
  const options = freshOptions()
  const float32 = await compiledModel(model, options)
  const int8 = await compiledModel(model, { ...options, computeType: 'int8' })
  expect([float32.computeType, int8.computeType]).toEqual(['float32', 'int8'])
  expect(int8.directory).not.toBe(float32.directory)
})

test('changed weights are compiled again', async () => {
  const options = freshOptions()
  const own = writeRandomModel(join(root, 'own'))
  const before = await compiledModel(own, options)
  writeRandomModel(own, 'float16')
  const after = await compiledModel(own, options)
  expect(after.directory).not.toBe(before.directory)
})

test('a file of another length or with other bytes is noticed, one that is only newer is not', async () => {
  const options = freshOptions()
  const { directory } = await compiledModel(model, options)
  const path = join(directory, 'decoder.weights')
  const whole = readFileSync(path)
  const reopened = async (): Promise<number> => {
    vi.mocked(compileModel).mockClear()
    await compiledModel(model, options)
    return compilations()
  }
  utimesSync(path, 1, 1)
  expect(await reopened()).toBe(0)
  writeFileSync(path, whole.subarray(1))
  expect(await reopened()).toBe(1)
  const damaged = Buffer.from(whole)
  damaged[5000]! ^= 1
  writeFileSync(path, damaged)
  expect(await reopened()).toBe(1)
  rmSync(path)
  expect(await reopened()).toBe(1)
  expect(readFileSync(path).equals(whole)).toBe(true)
})

test('a model compiled by another version is compiled again', async () => {
  const options = freshOptions()
  const { directory } = await compiledModel(model, options)
  const path = join(directory, 'model.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { formatVersion: number }
  writeFileSync(path, JSON.stringify({ ...manifest, formatVersion: manifest.formatVersion + 1 }))
  await compiledModel(model, options)
  writeFileSync(path, '{')
  await compiledModel(model, options)
  expect(compilations()).toBe(3)
})

test('what a compilation that was ended has left is removed at the next', async () => {
  const options = freshOptions()
  const { directory } = await compiledModel(model, options)
  const left = `${directory}.0123`
  mkdirSync(left)
  writeFileSync(join(left, 'encoder.weights'), 'x')
  rmSync(directory, { recursive: true })
  await compiledModel(model, options)
  expect(existsSync(left)).toBe(false)
})

test('an abort stops the work and leaves nothing', async () => {
  const options = freshOptions()
  const aborter = new AbortController()
  const work = compiledModel(model, { ...options, signal: aborter.signal })
  const begun = (): void => expect(readdirSync(options.cacheDirectory).length).toBeGreaterThan(1)
  void vi.waitFor(begun, { interval: 1 }).then(() => aborter.abort(new Error('enough')))
  await expect(work).rejects.toThrow('enough')
  expect(readdirSync(options.cacheDirectory)).toEqual([])
})

test('a folder that cannot be written to is ERR_IO with advice', async () => {
  const file = join(root, 'file')
  writeFileSync(file, '')
  const work = compiledModel(model, { computeType: 'float32', cacheDirectory: join(file, 'cache') })
  await expect(work).rejects.toMatchObject({
    code: 'ERR_IO',
    message: expect.stringContaining('cacheDirectory'),
  })
})

test('weights are written where a memory page begins, and the graph beside them stays small', async () => {
  const { directory } = await compiledModel(model, freshOptions())
  const graph = readFileSync(join(directory, 'decoder.onnx')).toString('latin1')
  // Two bytes stand between the key and its value.
  const values = graph.split('offset').slice(1)
  const offsets = values.map((rest) => Number.parseInt(rest.slice(2), 10))
  expect(offsets.length).toBeGreaterThan(40)
  expect(offsets.every((offset) => offset % 4096 === 0)).toBe(true)
  expect(statSync(join(directory, 'decoder.onnx')).size).toBeLessThan(30_000)
})
