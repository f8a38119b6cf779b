import { dirname, join } from 'node:path'

import { temporaryFolder } from '@audiodecode/test-support'
import { describe, expect, test } from 'vitest'

import { readManifest } from '../src/index.js'

const write = temporaryFolder()
const folder = dirname(write('empty.csv', ''))

test('JSONL gives an object a line, with paths relative to its folder', async () => {
  const path = write(
    'list.jsonl',
    '{"path":"a/1.wav","durationSeconds":1.5,"text":"one, \\"two\\""}\n\n{"path":"/b/2.wav","speaker":{"id":7}}\r\n',
  )
  expect(await readManifest(path)).toEqual([
    { path: join(folder, 'a/1.wav'), durationSeconds: 1.5, text: 'one, "two"' },
    { path: '/b/2.wav', speaker: { id: 7 } },
  ])
})

test("NeMo's names are understood", async () => {
  const path = write('nemo.json', '{"audio_filepath": "x.wav", "duration": 2.25, "text": "hi"}\n')
  expect(await readManifest(path)).toEqual([
    {
      path: join(folder, 'x.wav'),
      durationSeconds: 2.25,
      audio_filepath: 'x.wav',
      duration: 2.25,
      text: 'hi',
    },
  ])
})

test('CSV has a line of names, quotes, and a byte order mark if it must', async () => {
  const path = write(
    'list.csv',
    '\uFEFFpath,durationSeconds,text\r\n1.wav,0.5,"one, ""two""\nthree"\r\n"2, b.wav",,plain\r\n',
  )
  expect(await readManifest(path)).toEqual([
    { path: join(folder, '1.wav'), durationSeconds: 0.5, text: 'one, "two"\nthree' },
    { path: join(folder, '2, b.wav'), text: 'plain' },
  ])
})

test('TSV, another column, another root, and URLs', async () => {
  const path = write('list.tsv', 'file\tlabel\nx.wav\ta, b\nhttps://example.com/y.mp3\tc\n')
  expect(await readManifest(path, { pathColumn: 'file', root: '/data' })).toEqual([
    { file: 'x.wav', path: '/data/x.wav', label: 'a, b' },
    { file: 'https://example.com/y.mp3', path: 'https://example.com/y.mp3', label: 'c' },
  ])
})

test('a list of nothing is empty', async () => {
  expect(await readManifest(write('none.csv', ''))).toEqual([])
  expect(await readManifest(write('none.jsonl', '\n\n'))).toEqual([])
  expect(await readManifest(write('names.csv', 'path,text\n'))).toEqual([])
})

describe('what is wrong is told with its line', () => {
  test.each([
    ['bad.jsonl', '{"path":"a.wav"}\n{"path":\n', 'line 2 is no JSON'],
    ['list.jsonl', '{"path":"a.wav"}\n["b.wav"]\n', 'line 2 is no JSON object'],
    [
      'path.jsonl',
      '{"path":"a.wav"}\n\n{"text":"b"}\n',
      'line 3 has no path in "path"; it has text',
    ],
    ['number.jsonl', '{"path":5}\n', 'line 1 has no path'],
    ['seconds.jsonl', '{"path":"a.wav","duration":"long"}\n', 'a duration of "long"'],
    ['negative.csv', 'path,duration\na.wav,-1\n', 'line 2 has a duration of "-1"'],
    ['column.csv', 'name,text\na.wav,b\n', 'it has name, text. Say which with pathColumn'],
    ['quote.csv', 'path\n"a.wav\n', 'line'],
    ['long.csv', 'path,text\na.wav,b\nc.wav,d,e\n', 'line 3'],
  ])('%s', async (name, content, message) => {
    const path = write(`wrong-${name}`, content)
    await expect(readManifest(path)).rejects.toMatchObject({
      code: 'ERR_CORRUPT',
      input: path,
      message: expect.stringContaining(message),
    })
  })

  test('and a list that is not there is ERR_NOT_FOUND', async () => {
    const path = join(folder, 'nowhere.csv')
    await expect(readManifest(path)).rejects.toMatchObject({ code: 'ERR_NOT_FOUND', input: path })
    await expect(readManifest(folder)).rejects.toMatchObject({ code: 'ERR_IO' })
  })
})
