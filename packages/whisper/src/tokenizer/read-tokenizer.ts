import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { AudioDecodeError } from '@audiodecode/core'

import { parseTokenizerJson } from './parse-tokenizer-json.js'
import { parseVocabularyJson, parseVocabularyText } from './parse-vocabulary-list.js'
import { createTokenizer } from './tokenizer.js'
import type { Tokenizer } from './tokenizer.js'
import { openPacked } from './vocabulary-cache.js'
import type { Vocabulary } from './vocabulary.js'

/** Name of the file in the cache. */
const PACKED = 'vocabulary.packed'

/** The files that a tokenizer is read from, the fullest first. */
const FILES: readonly (readonly [name: string, parse: (text: string) => Vocabulary])[] = [
  ['tokenizer.json', parseTokenizerJson],
  ['vocabulary.json', parseVocabularyJson],
  ['vocabulary.txt', parseVocabularyText],
]

/**
 * The tokenizer of the model in `folder`, from tokenizer.json (Hugging Face) or, without it, vocabulary.json or
 * vocabulary.txt (CTranslate2). With `cacheFolder` it is kept there in a form that is read sooner.
 *
 * Rejects with ERR_MODEL when they are missing, unreadable or damaged.
 */
export async function readTokenizer(folder: string, cacheFolder?: string): Promise<Tokenizer> {
  for (const [name, parse] of FILES) {
    const path = join(folder, name)
    const packed =
      cacheFolder === undefined ? undefined : await openPacked(join(cacheFolder, PACKED), path)
    if (packed?.vocabulary !== undefined) {
      const { vocabulary } = packed
      return parseFile(path, '', () => vocabulary)
    }
    const text = await readIfThere(path)
    if (text === undefined) continue
    let parsed: Vocabulary | undefined
    const tokenizer = parseFile(path, text, (file) => (parsed = parse(file)))
    if (parsed !== undefined) await packed?.keep(parsed)
    return tokenizer
  }
  throw new AudioDecodeError(
    'ERR_MODEL',
    `${folder} has no ${FILES.map(([name]) => name).join(', ')}: a Whisper model needs one of them for its text. ` +
      'Copy it from where the model came from, or delete the folder and download the model again.',
    { input: folder },
  )
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) {
      if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined
    }
    const message = `${path} cannot be read (${reasonOf(cause)}). Check its permissions.`
    throw new AudioDecodeError('ERR_MODEL', message, { input: path, cause })
  }
}

function parseFile(path: string, text: string, parse: (text: string) => Vocabulary): Tokenizer {
  try {
    return createTokenizer(parse(text))
  } catch (cause) {
    throw new AudioDecodeError(
      'ERR_MODEL',
      `${path} is damaged or not of a Whisper model (${reasonOf(cause)}). ` +
        'Delete it and copy or download it again.',
      { input: path, cause },
    )
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
