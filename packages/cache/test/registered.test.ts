import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { rustBackend } from '@audiodecode/backend-rust'
import { diagnose, load, loadBatch, registerBackend, unregisterBackend } from '@audiodecode/core'
import { makeWav, temporaryFolder } from '@audiodecode/test-support'
import { expect, test } from 'vitest'

import '../src/index.js'
import { expectSame } from './made-up.js'

const samples = fileURLToPath(new URL('../../backend-tests/samples/', import.meta.url))
const write = temporaryFolder()

let opened = 0
unregisterBackend('rust')
registerBackend({
  ...rustBackend,
  open: async (source, request) => {
    opened++
    return rustBackend.open!(source, request)
  },
})
/** How many files were opened meanwhile. */
async function openings(work: () => Promise<unknown>): Promise<number> {
  const before = opened
  await work()
  return opened - before
}

test('importing the package puts a cache before every load() and loadBatch()', async () => {
  const path = `${samples}stereo.flac`
  expect(await openings(async () => load(path))).toBe(1)
  expect(await openings(async () => load(path))).toBe(0)
  const batch = async (): Promise<void> => {
    for await (const { ok } of loadBatch([path, path])) expect(ok).toBe(true)
  }
  expect(await openings(batch)).toBe(0)
  expect((await diagnose()).filter(({ kind }) => kind === 'cache')).toMatchObject([
    { name: 'cache', available: true },
  ])
})

test('`cache: false` goes past it', async () => {
  const path = `${samples}cbr128.mp3`
  await load(path)
  expect(await openings(async () => load(path, { cache: false }))).toBe(1)
})

test('the same bytes under another name, or in memory, are the same to bytes alone', async () => {
  const bytes = readFileSync(`${samples}s24.wav`)
  await load(bytes)
  expect(await openings(async () => load(new Blob([bytes])))).toBe(0)
  expect(await openings(async () => load(`${samples}s24.wav`))).toBe(1)
})

test('a file that changes is decoded again', async () => {
  const frames = (n: number) => makeWav({ frames: n })
  const path = write('changing.wav', frames(100))
  await sleep(30)
  expect((await load(path)).frames).toBe(100)
  await writeFile(path, frames(50))
  await sleep(30)
  expect((await load(path)).frames).toBe(50)
  expect(await openings(async () => load(path))).toBe(0)
})

test('a hit is what decoding gives, report and all, for a damaged file too', async () => {
  const bytes = readFileSync(`${samples}cbr128.mp3`)
  for (const [name, content] of [
    ['cut.mp3', bytes.subarray(0, bytes.length / 2)],
    ['damaged.mp3', Uint8Array.from(bytes).fill(0, bytes.length / 2, bytes.length / 2 + 700)],
  ] as const) {
    const path = write(name, content)
    await sleep(30)
    const decoded = await load(path, { cache: false })
    expect(decoded.report.truncated || decoded.report.damaged.length > 0).toBe(true)
    await load(path)
    let hit
    expect(await openings(async () => (hit = await load(path)))).toBe(0)
    expectSame(hit!, decoded)
    // What is concealed may depend on where a decode begins: ranges are not cut from it.
    expect(await openings(async () => load(path, { offset: 0.01, duration: 0.01 }))).toBe(2)
  }
})
