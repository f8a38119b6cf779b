import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { smallVocabulary } from '../../test/support/small-vocabulary.js'
import { readTokenizer } from './read-tokenizer.js'

const tokens = smallVocabulary(['he', 'll', 'hell'])
const eot = tokens.indexOf('<|endoftext|>')
const special = (id: number): object => ({ id, content: tokens[id], special: true })
const huggingFace = (merges: unknown): string =>
  JSON.stringify({
    added_tokens: tokens.map((_, id) => special(id)).slice(eot),
    model: {
      vocab: Object.fromEntries(tokens.slice(0, eot).map((token, id) => [token, id])),
      merges,
    },
  })

test.each([
  [
    'tokenizer.json',
    'tokenizer.json',
    huggingFace([
      ['h', 'e'],
      ['l', 'l'],
      ['he', 'll'],
    ]),
  ],
  ['tokenizer.json with merges as text', 'tokenizer.json', huggingFace(['h e', 'l l', 'he ll'])],
  ['vocabulary.json', 'vocabulary.json', JSON.stringify(tokens)],
  ['vocabulary.txt', 'vocabulary.txt', `${tokens.join('\n')}\n`],
  ['vocabulary.txt of Windows', 'vocabulary.txt', `${tokens.join('\r\n')}\r\n`],
])('a tokenizer is read from %s', async (_, name, text) => {
  const tokenizer = await readTokenizer(await folderWith({ [name]: text }))
  expect(tokenizer.encode('hello')).toEqual([tokens.indexOf('hell'), tokens.indexOf('o')])
  expect(tokenizer.specials.eot).toBe(eot)
})

test('the merges of tokenizer.json decide, whatever the ids say', async () => {
  const folder = await folderWith({
    'tokenizer.json': huggingFace([
      ['l', 'l'],
      ['h', 'e'],
    ]),
    'vocabulary.json': JSON.stringify(tokens),
  })
  const tokenizer = await readTokenizer(folder)
  expect(tokenizer.encode('hell').map((id) => tokens[id])).toEqual(['he', 'll'])
})

test('a folder without a vocabulary is an error that names the files', async () => {
  const error = readTokenizer(await folderWith({ 'config.json': '{}' }))
  await expect(error).rejects.toMatchObject({ code: 'ERR_MODEL' })
  await expect(error).rejects.toThrow('no tokenizer.json, vocabulary.json, vocabulary.txt')
})

test.each([
  ['cut off', 'tokenizer.json', huggingFace([]).slice(0, -100), 'JSON'],
  ['empty', 'tokenizer.json', '', 'JSON'],
  ['of something else', 'tokenizer.json', '{"model":{"vocab":[]}}', 'model.vocab'],
  ['without added tokens', 'tokenizer.json', '{"model":{"vocab":{}}}', 'added_tokens'],
  ['with a wrong id', 'tokenizer.json', '{"model":{"vocab":{"a":-1}}}', '["a",-1]'],
  ['with a wrong merge', 'tokenizer.json', huggingFace([['h']]), '["h"]'],
  ['with a merge into nothing', 'tokenizer.json', huggingFace([['h', 'h']]), '["h","h"]'],
  ['not a list', 'vocabulary.json', '{"a":1}', 'list of tokens'],
  ['without timestamps', 'vocabulary.txt', tokens.slice(0, eot + 1).join('\n'), '<|notimestamps|>'],
  ['without bytes', 'vocabulary.txt', tokens.slice(2).join('\n'), 'single bytes'],
])(
  'a vocabulary file that is %s is an error that says what to do',
  async (_, name, text, reason) => {
    const error = readTokenizer(await folderWith({ [name]: text }))
    await expect(error).rejects.toMatchObject({ code: 'ERR_MODEL' })
    await expect(error).rejects.toThrow(reason)
    await expect(error).rejects.toThrow('copy or download it again')
  },
)

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'audiodecode-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}
