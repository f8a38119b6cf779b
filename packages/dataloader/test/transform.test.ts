import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

import '@audiodecode/backend-rust'
import { temporaryFolder } from '@audiodecode/test-support'
import { expect, test } from 'vitest'

import { AudioDataLoader } from '../src/index.js'
import type { AudioBatch, DataLoaderOptions } from '../src/index.js'
import { collect, digest, makeRecordings } from './recordings.js'

const recordings = makeRecordings(20)
const write = temporaryFolder()
/** A module of that source. */
function moduleOf(name: string, source: string): URL {
  return pathToFileURL(write(`${name}.mjs`, source))
}

const common = { sampleRate: 8000, batchSize: 4, shuffle: true, seed: 3 }

async function run<Out>(options: Partial<DataLoaderOptions>): Promise<Out[]> {
  await using loader = new AudioDataLoader<(typeof recordings)[number], Out>(recordings, {
    ...common,
    ...options,
  })
  return await collect(loader)
}

const halve = moduleOf(
  'halve',
  `import { isMainThread, threadId } from 'node:worker_threads'
  export default (batch) => {
    if (isMainThread) throw new Error('on the main thread')
    return { ...batch, data: batch.data.map((value) => value / 2) }
  }`,
)

test('a transform maps every batch, in worker threads and in order', async () => {
  const plain = await run<AudioBatch<unknown>>({})
  const halved = await run<AudioBatch<unknown>>({ transform: halve })
  expect(halved.map(({ indices }) => [...indices])).toEqual(
    plain.map(({ indices }) => [...indices]),
  )
  for (const [at, { data, items }] of halved.entries()) {
    expect(data).toEqual(plain[at]!.data.map((value) => value / 2))
    expect(items).toEqual(plain[at]!.items)
  }
})

test('it may be asynchronous, and give something else', async () => {
  const transform = moduleOf(
    'sum',
    `export default async (batch) => {
      await new Promise((resolve) => setTimeout(resolve, 50 - batch.indices[0]))
      return { first: batch.indices[0], sums: new Float64Array([batch.data.reduce((a, b) => a + b, 0)]) }
    }`,
  )
  const plain = await run<AudioBatch<unknown>>({})
  const sums = await run<{ first: number; sums: Float64Array }>({ transform })
  expect(sums.map(({ first }) => first)).toEqual(plain.map(({ indices }) => indices[0]))
  expect(sums[2]!.sums[0]).toBeCloseTo(
    plain[2]!.data.reduce((a, b) => a + b, 0),
    6,
  )
})

test('arrays are transferred both ways', async () => {
  const transform = moduleOf(
    'keep',
    `let last
    export default (batch) => {
      const gone = last === undefined ? null : last.byteLength
      last = batch.data.buffer
      return { data: batch.data, gone }
    }`,
  )
  const results = await run<{ data: Float32Array; gone: number | null }>({
    transform,
    prefetchBytes: 1,
  })
  // What the worker gave back has left it.
  expect(results.map(({ gone }) => gone)).toEqual([null, 0, 0, 0, 0])
  for (const { data } of results) expect(data.byteLength).toBe(data.buffer.byteLength)
})

test('plugins are imported before it', async () => {
  const plugin = moduleOf('plugin', `globalThis.greeting = 'from the plugin'`)
  const transform = moduleOf(
    'greet',
    `const seen = globalThis.greeting
    export default ({ indices }) => ({ indices, seen })`,
  )
  const [first] = await run<{ seen: string }>({ transform, plugins: [plugin.href] })
  expect(first!.seen).toBe('from the plugin')
})

test.each([
  ['fails', `export default () => { throw new RangeError('not this one') }`, 'not this one'],
  ['rejects', `export default async () => { throw 'a string' }`, 'a string'],
  ['cannot be parsed', `export default (`, 'cannot be imported'],
  ['throws when it is imported', `throw new Error('no such model')`, 'no such model'],
  ['exports no function', `export const transform = 5`, 'no default export'],
  ['ends its thread', `export default () => { process.exit(3) }`, 'ended with code 3'],
  [
    'crashes later',
    `export default () => new Promise(() => { setTimeout(() => { throw new Error('out of the blue') }) })`,
    'out of the blue',
  ],
  ['gives what cannot be sent', `export default () => () => 1`, 'could not be cloned'],
])('a transform that %s is ERR_TRANSFORM', async (name, source, message) => {
  const transform = moduleOf(name.replaceAll(' ', '-'), source)
  await expect(run({ transform })).rejects.toMatchObject({
    name: 'AudioDecodeError',
    code: 'ERR_TRANSFORM',
    input: transform.href,
    message: expect.stringContaining(message),
  })
})

test('a plugin that is not there is ERR_TRANSFORM, too', async () => {
  const plugins = ['file:///no/such/plugin.mjs']
  await expect(run({ transform: halve, plugins })).rejects.toMatchObject({ code: 'ERR_TRANSFORM' })
})

test('after a crash the next epoch has new threads', async () => {
  const transform = moduleOf(
    'once',
    `export default (batch) => { if (batch.indices[0] === 0) process.exit(1); return batch }`,
  )
  await using loader = new AudioDataLoader(recordings, { ...common, shuffle: false, transform })
  await expect(collect(loader)).rejects.toMatchObject({ code: 'ERR_TRANSFORM' })
  const reference = new AudioDataLoader(recordings, { ...common, shuffle: false })
  const state = reference.state()
  loader.resume({ ...state, position: 4 })
  reference.resume({ ...state, position: 4 })
  expect((await collect(loader)).map(digest)).toEqual((await collect(reference)).map(digest))
})

test('leaving the loop ends a transform that never would', async () => {
  const transform = moduleOf(
    'endless',
    `let count = 0
    export default (batch) => { if (count++ > 0) for (;;); return batch }`,
  )
  const loader = new AudioDataLoader(recordings, { ...common, transform })
  for await (const _ of loader) break
  await loader.close()
  const before = process.cpuUsage()
  await delay(300)
  const { user, system } = process.cpuUsage(before)
  // Microseconds: a thread that still ran would have used all of them.
  expect(user + system).toBeLessThan(150_000)
})

test.each([
  ['of V8', ['--max-old-space-size=300']],
  ['that are the program', ['--max-old-space-size=300', '--input-type=module']],
])('a process with flags %s can have transforms', (_, flags) => {
  const program = `
    import '@audiodecode/backend-rust'
    import { AudioDataLoader } from '@audiodecode/dataloader'
    const transform = new URL(${JSON.stringify(halve.href)})
    const loader = new AudioDataLoader([${JSON.stringify(recordings[0]!.path)}], { sampleRate: 8000, transform })
    for await (const { shape } of loader) console.log(shape.join())`
  const isFile = !flags.includes('--input-type=module')
  // Packages are looked for in the folders around the importing module.
  const results = new URL('../.test-results/', import.meta.url)
  mkdirSync(results, { recursive: true })
  const file = new URL(`flags-${process.pid}.mjs`, results)
  if (isFile) writeFileSync(file, program)
  try {
    const what = isFile ? [fileURLToPath(file)] : ['-e', program]
    const folder = fileURLToPath(new URL('..', import.meta.url))
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, ...what], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect([stdout, stderr]).toEqual(['1,1,2400\n', ''])
  } finally {
    rmSync(file, { force: true })
  }
})
