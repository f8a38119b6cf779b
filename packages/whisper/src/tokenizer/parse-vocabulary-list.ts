import { rankByToken } from './vocabulary.js'
import type { Vocabulary } from './vocabulary.js'

/** Reads CTranslate2's vocabulary.txt: a token a line, in the order of the ids. */
export function parseVocabularyText(text: string): Vocabulary {
  // A token holds no line break, being written in byte characters; an editor may have put \r before those of the file.
  const tokens = text.split(/\r?\n/u)
  if (tokens.at(-1) === '') tokens.pop()
  return fromList(tokens)
}

/** Reads CTranslate2's vocabulary.json: an array of the tokens in the order of the ids. */
export function parseVocabularyJson(text: string): Vocabulary {
  const tokens: unknown = JSON.parse(text)
  if (!Array.isArray(tokens) || !tokens.every((token) => typeof token === 'string')) {
    throw new Error('it is not a list of tokens')
  }
  return fromList(tokens)
}

function fromList(tokens: readonly string[]): Vocabulary {
  const ids = new Map(tokens.map((token, id) => [token, id]))
  return { ids, joinRank: rankByToken(ids) }
}
