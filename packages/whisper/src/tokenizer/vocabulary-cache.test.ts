import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { modelFolder } from '../../test/support/models.js'
import { smallVocabulary } from '../../test/support/small-vocabulary.js'
import { packVocabulary, unpackVocabulary } from './packed-vocabulary.js'
import * as parsing from './parse-tokenizer-json.js'
import { parseTokenizerJson } from './parse-tokenizer-json.js'
import { readTokenizer } from './read-tokenizer.js'

vi.mock(import('./parse-tokenizer-json.js'), { spy: true })

const tokens = smallVocabulary(['he', 'll', 'hell'])
const eot = tokens.indexOf('<|endoftext|>')
const tokenizerJson = (last: string): string =>
  JSON.stringify({
    added_tokens: tokens.map((content, id) => ({ id, content })).slice(eot),
    model: {
      vocab: Object.fromEntries(tokens.slice(0, eot).map((token, id) => [token, id])),
      merges: [['h', 'e'], ['l', 'l'], last.split(' ')],
    },
  })

let folder: string
let cache: string
const source = (): string => join(folder, 'tokenizer.json')
const packed = (): string => join(cache, 'vocabulary.packed')
const parsed = (): number => vi.mocked(parsing.parseTokenizerJson).mock.calls.length
const hello = async (): Promise<readonly number[]> =>
  (await readTokenizer(folder, cache)).encode('hello')
const whole = [tokens.indexOf('hell'), tokens.indexOf('o')]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audiodecode-tokenizer-'))
  cache = await mkdtemp(join(tmpdir(), 'audiodecode-packed-'))
  await writeFile(source(), tokenizerJson('he ll'))
  vi.mocked(parsing.parseTokenizerJson).mockClear()
})
afterEach(async () => {
  await rm(folder, { recursive: true })
  await rm(cache, { recursive: true })
})

test('a tokenizer is parsed once, and then taken from the cache', async () => {
  expect(await hello()).toEqual(whole)
  expect(await hello()).toEqual(whole)
  expect(parsed()).toBe(1)
  expect(await readdir(cache)).toEqual(['vocabulary.packed'])
})

test('a changed file is parsed again', async () => {
  await hello()
  await writeFile(source(), tokenizerJson('h e'))
  await utimes(source(), 1, 1)
  // Without the last merge there is no "hell".
  expect(await hello()).toEqual(['he', 'll', 'o'].map((text) => tokens.indexOf(text)))
  expect(parsed()).toBe(2)
})

test('a damaged cache is not believed, whichever byte it is and wherever it ends', async () => {
  await hello()
  const bytes = await readFile(packed())
  for (let at = 0; at < bytes.length; at += 151) {
    const damaged = Buffer.from(bytes)
    damaged[at]! ^= 1
    await writeFile(packed(), damaged)
    expect(await hello()).toEqual(whole)
    await writeFile(packed(), bytes.subarray(0, at))
    expect(await hello()).toEqual(whole)
  }
  expect(parsed()).toBe(1 + 2 * Math.ceil(bytes.length / 151))
})

test('a cache that cannot be written to is no error', async () => {
  const file = join(cache, 'file')
  await writeFile(file, '')
  expect((await readTokenizer(folder, join(file, 'folder'))).encode('hello')).toEqual(whole)
})

test('a vocabulary whose ids have gaps is not packed', () => {
  const mark = new Uint8Array(32)
  const vocabulary = { ids: new Map([['a', 1]]), joinRank: () => undefined }
  expect(packVocabulary(vocabulary, mark)).toBeUndefined()
  expect(unpackVocabulary(new Uint8Array(10), mark)).toBeUndefined()
})

test.skipIf(modelFolder('base') === undefined)(
  'every pair of a real vocabulary is joined as it was',
  async () => {
    const text = await readFile(join(modelFolder('base') ?? '', 'tokenizer.json'), 'utf8')
    const original = parseTokenizerJson(text)
    const mark = new Uint8Array(32).fill(7)
    const copy = unpackVocabulary(packVocabulary(original, mark) ?? new Uint8Array(0), mark)
    expect(copy?.ids).toEqual(original.ids)
    const merges = [...(original.merges ?? [])]
    expect(merges).toHaveLength(50_000)
    const wrong = merges.filter(([a, b], rank) => copy?.joinRank(a, b) !== rank)
    expect(wrong).toEqual([])
    const swapped = merges.filter(([a, b]) => copy?.joinRank(b, a) !== original.joinRank(b, a))
    expect(swapped).toEqual([])
  },
)
