import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { gitDigest, hubCommit, sha256, startHub } from '../../test/support/hub-server.js'
import type { HubServer } from '../../test/support/hub-server.js'
import { findModel } from '../find-model.js'
import { downloadModel } from './download-model.js'
import type { DownloadOptions, DownloadProgress } from './download-model.js'

const REPOSITORY = 'Systran/faster-whisper-tiny'
const weights = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 31 + (at >> 8)) % 256)
const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const files = {
  'README.md': text('# a model'),
  'config.json': text('{"alignment_heads": []}'),
  'model.bin': weights,
  'tokenizer.json': text('{}'),
  'vocabulary.txt': text('a\nb'),
}

let cache: string
let hub: HubServer
const root = (): string => join(cache, 'models--Systran--faster-whisper-tiny')
const blob = (): string => join(root(), 'blobs', sha256(weights))
const partial = (): string => `${blob()}.audiodecode.incomplete`
const download = async (options: DownloadOptions = {}): Promise<string> =>
  downloadModel(REPOSITORY, { pauseMs: 1, ...options })
const transfers = (): readonly (string | undefined)[] =>
  hub.seen.filter(({ host }) => host === 'storage').map(({ range }) => range)

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), 'audiodecode-hub-'))
  hub = await startHub(REPOSITORY, files)
  vi.stubEnv('HF_ENDPOINT', `${hub.endpoint}/`)
  vi.stubEnv('HF_HUB_CACHE', cache)
  for (const name of ['HF_HUB_OFFLINE', 'HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']) vi.stubEnv(name, '')
  vi.stubEnv('HF_TOKEN_PATH', join(cache, 'no-token'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await hub.close()
  rmSync(cache, { recursive: true })
})

test('the files that are needed come into the layout that Python reads, and nothing else', async () => {
  const folder = await download()
  expect(folder).toBe(join(root(), 'snapshots', hubCommit))
  expect(readdirSync(folder)).toEqual([
    'config.json',
    'model.bin',
    'tokenizer.json',
    'vocabulary.txt',
  ])
  expect(readFileSync(join(folder, 'model.bin')).equals(weights)).toBe(true)
  expect(readFileSync(join(root(), 'refs', 'main'), 'utf8')).toBe(hubCommit)
  expect(readlinkSync(join(folder, 'model.bin'))).toBe(`../../blobs/${sha256(weights)}`)
  const blobs = [sha256(weights)]
  for (const name of ['config.json', 'tokenizer.json', 'vocabulary.txt'] as const) {
    blobs.push(gitDigest(files[name]))
  }
  expect(readdirSync(join(root(), 'blobs')).toSorted()).toEqual(blobs.toSorted())
  expect(hub.seen.some(({ path }) => path.includes('README'))).toBe(false)
})

test('a model that is there is taken without a request, whoever has put it there', async () => {
  const commit = 'ab'.repeat(20)
  const folder = join(root(), 'snapshots', commit)
  mkdirSync(folder, { recursive: true })
  mkdirSync(join(root(), 'refs'))
  writeFileSync(join(root(), 'refs', 'main'), commit)
  for (const name of ['config.json', 'model.bin', 'tokenizer.json']) {
    writeFileSync(join(folder, name), 'x')
  }
  vi.stubEnv('AUDIODECODE_MODELS', cache)
  expect(await findModel('tiny')).toBe(folder)
  expect(await findModel(REPOSITORY, { localFilesOnly: true })).toBe(folder)
  expect(hub.seen).toEqual([])
  // Without its tokenizer it is a half of one.
  rmSync(join(folder, 'tokenizer.json'))
  expect(await findModel('tiny')).toBe(join(root(), 'snapshots', hubCommit))
})

test('tells how each file comes, from nothing to all of it', async () => {
  const told: DownloadProgress[] = []
  await download({ onProgress: (progress) => told.push(progress) })
  const of = (file: string): DownloadProgress[] => told.filter((each) => each.file === file)
  expect(new Set(told.map(({ file }) => file)).size).toBe(4)
  expect(of('model.bin').at(-1)).toEqual({
    file: 'model.bin',
    loadedBytes: weights.length,
    totalBytes: weights.length,
  })
  expect(of('config.json').at(-1)?.totalBytes).toBe(files['config.json'].length)
})

test('a connection that is cut goes on where it was', async () => {
  hub.faults.cut = { afterBytes: 100_000, times: 2 }
  const folder = await download()
  expect(readFileSync(join(folder, 'model.bin')).equals(weights)).toBe(true)
  const [first, ...others] = transfers()
  expect(first).toBeUndefined()
  expect(others).toHaveLength(2)
  for (const range of others) expect(range).toMatch(/^bytes=[1-9]\d+-$/u)
})

test('a download that was given up goes on in the next one', async () => {
  hub.faults.cut = { afterBytes: 100_000, times: 1 }
  hub.faults.busy = 0
  const controller = new AbortController()
  const first = download({ pauseMs: 60_000, signal: controller.signal })
  await vi.waitFor(() => expect(statSync(partial()).size).toBeGreaterThan(0))
  controller.abort(new Error('later'))
  await expect(first).rejects.toThrow('later')
  const had = statSync(partial()).size
  await download()
  expect(transfers()).toEqual([undefined, `bytes=${had}-`])
  expect(readFileSync(blob()).equals(weights)).toBe(true)
  expect(existsSync(partial())).toBe(false)
})

test('a server that knows no ranges sends all of it, and that is right too', async () => {
  hub.faults.cut = { afterBytes: 100_000, times: 1 }
  hub.faults.ignoresRanges = true
  const folder = await download()
  expect(readFileSync(join(folder, 'model.bin')).equals(weights)).toBe(true)
})

test('an earlier attempt that has left wrong bytes is thrown away', async () => {
  mkdirSync(join(root(), 'blobs'), { recursive: true })
  writeFileSync(partial(), new Uint8Array(1000))
  const folder = await download()
  expect(readFileSync(join(folder, 'model.bin')).equals(weights)).toBe(true)
  expect(transfers()).toEqual(['bytes=1000-', undefined])
  rmSync(cache, { recursive: true })
  mkdirSync(join(root(), 'blobs'), { recursive: true })
  writeFileSync(partial(), new Uint8Array(weights.length + 1))
  expect(await download()).toBe(folder)
})

test('other bytes than the hub lists are an error, and stay nowhere', async () => {
  hub.faults.corrupts = true
  const broken = download()
  await expect(broken).rejects.toMatchObject({ code: 'ERR_MODEL' })
  await expect(broken).rejects.toThrow(/not the file that the hub lists/u)
  expect(existsSync(blob())).toBe(false)
  expect(existsSync(partial())).toBe(false)
  expect(existsSync(join(root(), 'refs', 'main'))).toBe(false)
  hub.faults.corrupts = false
  await download()
})

test('a damaged file in the cache is fetched again once its snapshot has been deleted', async () => {
  const folder = await download()
  const damaged = Uint8Array.from(weights)
  damaged[5000] = damaged[5000]! ^ 1
  for (const bytes of [damaged, weights.subarray(1)]) {
    writeFileSync(blob(), bytes)
    rmSync(folder, { recursive: true })
    await download()
    expect(readFileSync(join(folder, 'model.bin')).equals(weights)).toBe(true)
  }
  expect(transfers()).toHaveLength(3)
  rmSync(folder, { recursive: true })
  await download()
  expect(transfers()).toHaveLength(3)
})

test('a server that is busy is asked again', async () => {
  hub.faults.busy = 2
  await download()
  expect(transfers()).toHaveLength(3)
})

describe('what cannot be had', () => {
  test.each([
    [404, /no such model.*Check the name/u],
    [401, /no access \(401\).*HF_TOKEN/u],
    [403, /no access \(403\)/u],
    [500, /it answered 500.*hf download Systran\/faster-whisper-tiny.*model\.bin/u],
  ])('an answer of %i is ERR_MODEL with what to do', async (status, message) => {
    hub.faults.status = status
    const failed = download()
    await expect(failed).rejects.toMatchObject({ code: 'ERR_MODEL', input: REPOSITORY })
    await expect(failed).rejects.toThrow(message)
    expect(hub.seen).toHaveLength(status === 500 ? 4 : 1)
  })

  test('a hub that is not there says where to put the model', async () => {
    const { endpoint } = hub
    await hub.close()
    const failed = download()
    await expect(failed).rejects.toMatchObject({ code: 'ERR_MODEL' })
    await expect(failed).rejects.toThrow(/ECONNREFUSED.*copy the folder it makes to .*models--/u)
    await expect(failed).rejects.toThrow(endpoint)
    hub = await startHub(REPOSITORY, files)
  })

  test('offline nothing is asked, and the error says where to put the model', async () => {
    const advice = new RegExp(`localFilesOnly.*hf download.*${root()}.*config\\.json`, 'u')
    await expect(download({ localFilesOnly: true })).rejects.toThrow(advice)
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    await expect(download()).rejects.toMatchObject({ code: 'ERR_MODEL' })
    await expect(download()).rejects.toThrow('HF_HUB_OFFLINE')
    expect(hub.seen).toEqual([])
  })

  test('a name that is none is told with those that are known, and nothing is asked', async () => {
    vi.stubEnv('AUDIODECODE_MODELS', cache)
    for (const name of ['huge', './owner/name', 'a/b/c', '../name', 'owner/a..b', 'owner/a--b']) {
      await expect(findModel(name)).rejects.toThrow(/large-v3-turbo.*owner\/repository/u)
    }
    expect(hub.seen).toEqual([])
  })

  test('a folder that cannot be written to is ERR_IO', async () => {
    writeFileSync(join(cache, 'file'), '')
    vi.stubEnv('HF_HUB_CACHE', join(cache, 'file', 'hub'))
    await expect(download()).rejects.toMatchObject({ code: 'ERR_IO' })
  })
})

test('the token is shown to the hub and not to where it redirects', async () => {
  await hub.close()
  hub = await startHub(REPOSITORY, files, 'secret')
  vi.stubEnv('HF_ENDPOINT', hub.endpoint)
  await expect(download()).rejects.toThrow(/If it is private or gated, set HF_TOKEN/u)
  vi.stubEnv('HF_TOKEN', 'wrong')
  await expect(download()).rejects.toThrow(/The token in HF_TOKEN .* gives no access/u)
  vi.stubEnv('HF_TOKEN', '')
  writeFileSync(join(cache, 'token'), 'secret\n')
  vi.stubEnv('HF_TOKEN_PATH', join(cache, 'token'))
  await download()
  const shown = hub.seen.filter(({ host }) => host === 'storage')
  expect(shown.map(({ authorization }) => authorization)).toEqual([undefined])
})

test('many who ask at the same time download once', async () => {
  const folders = await Promise.all(Array.from({ length: 4 }, async () => download()))
  expect(new Set(folders).size).toBe(1)
  expect(transfers()).toEqual([undefined])
  // The version, and a list of five files, two a page.
  expect(hub.seen.filter(({ path }) => path.startsWith('/api/'))).toHaveLength(4)
  expect(lstatSync(join(folders[0]!, 'model.bin')).isSymbolicLink()).toBe(true)
})

test('an abort ends it at once, keeps what has come, and lets the next one in', async () => {
  hub.faults.stallAfterBytes = 50_000
  const controller = new AbortController()
  const work = download({ signal: controller.signal })
  await vi.waitFor(() => expect(statSync(partial()).size).toBeGreaterThan(0))
  controller.abort(new Error('enough'))
  await expect(work).rejects.toThrow('enough')
  expect(statSync(partial()).size).toBeGreaterThan(0)
  delete hub.faults.stallAfterBytes
  await download()
  await expect(download({ signal: AbortSignal.abort(new Error('before')) })).resolves.toBeTruthy()
})

test('a repository without a model says what it needs', async () => {
  await hub.close()
  hub = await startHub(REPOSITORY, { 'README.md': text('x'), 'model_quantized.onnx': text('x') })
  vi.stubEnv('HF_ENDPOINT', hub.endpoint)
  await expect(download()).rejects.toThrow(/no model in this repository.*model\.bin/u)
})
