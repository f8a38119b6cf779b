import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { FORMAT_VERSION } from './compiled-files.js'
import { noteUse } from './last-use.js'
import { pruneCache } from './prune-cache.js'

const DAY = 24 * 60 * 60
let cache: string
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'audiodecode-prune-'))
})
afterEach(() => rmSync(cache, { recursive: true }))

const setAge = (path: string, days: number): void => {
  const time = Date.now() / 1000 - days * DAY
  utimesSync(path, time, time)
}

/** A compiled model that was used so many days ago. @returns Its name. */
function compiled(index: number, days: number, manifest: object = {}): string {
  const name = `${String(index).padStart(20, '0')}-int8`
  const folder = join(cache, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'encoder.weights'), 'x')
  const path = join(folder, 'model.json')
  writeFileSync(path, JSON.stringify({ formatVersion: FORMAT_VERSION, source: cache, ...manifest }))
  setAge(path, days)
  return name
}

const left = async (): Promise<readonly string[]> => {
  await pruneCache(cache)
  return readdirSync(cache).toSorted()
}

test('the eight that were used last stay, and those that were used within a day', async () => {
  const old = Array.from({ length: 10 }, (_, index) => compiled(index, 2 + index))
  expect(await left()).toEqual(old.slice(0, 8))
  const recent = Array.from({ length: 9 }, (_, index) => compiled(20 + index, 0.5))
  expect(await left()).toEqual(recent)
})

test('a model whose folder is gone goes, unless it was used within a day', async () => {
  const gone = { source: join(cache, 'gone') }
  compiled(1, 2, gone)
  const recent = compiled(2, 0.5, gone)
  const other = compiled(3, 2)
  expect(await left()).toEqual([recent, other])
})

test('those of other versions go after two weeks', async () => {
  const other = { formatVersion: FORMAT_VERSION - 1 }
  compiled(1, 15, other)
  const kept = compiled(2, 13, other)
  expect(await left()).toEqual([kept])
})

test('what an ended process has left goes after a day, and what is not of this package stays', async () => {
  const name = compiled(1, 2)
  const uuid = '01234567-89ab-cdef-0123-456789abcdef'
  const mine = ['notes', `${name}.lock`, 'abc-int8']
  for (const other of [...mine, `${name}.${uuid}`]) mkdirSync(join(cache, other))
  for (const other of readdirSync(cache)) setAge(join(cache, other), 30)
  const fresh = `${name}.${uuid.replace('0', 'f')}`
  mkdirSync(join(cache, fresh))
  expect(await left()).toEqual([...mine, name, fresh].toSorted())
})

test('using one keeps it', async () => {
  const gone = compiled(1, 20, { source: join(cache, 'gone') })
  await noteUse(join(cache, gone))
  expect(await left()).toEqual([gone])
})

test('a cache that is not there is no error, and a broken model in one goes in time', async () => {
  await pruneCache(join(cache, 'none'))
  const broken = compiled(1, 20)
  writeFileSync(join(cache, broken, 'model.json'), '{')
  setAge(join(cache, broken, 'model.json'), 20)
  await pruneCache(cache)
  expect(existsSync(join(cache, broken))).toBe(false)
})
