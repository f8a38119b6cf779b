import { rankByMerges, rankByToken } from './vocabulary.js'
import type { Vocabulary } from './vocabulary.js'

/** Reads the text of Hugging Face's tokenizer.json; throws an Error that says what is wrong with it. */
export function parseTokenizerJson(text: string): Vocabulary {
  const file: unknown = JSON.parse(text)
  const model = member(file, 'model')
  const ids = new Map<string, number>()
  for (const [token, id] of entries(member(model, 'vocab'))) add(ids, token, id)
  const added = member(file, 'added_tokens')
  if (!Array.isArray(added)) throw new Error('it has no list "added_tokens"')
  for (const token of added) add(ids, member(token, 'content'), member(token, 'id'))
  const listed = member(model, 'merges')
  if (!Array.isArray(listed)) return { ids, joinRank: rankByToken(ids) }
  const merges = [...pairs(listed, ids)]
  return { ids, joinRank: rankByMerges(merges), merges }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function entries(vocabulary: unknown): [string, unknown][] {
  if (typeof vocabulary !== 'object' || vocabulary === null || Array.isArray(vocabulary)) {
    throw new Error('it has no map "model.vocab"')
  }
  return Object.entries(vocabulary)
}

function add(ids: Map<string, number>, token: unknown, id: unknown): void {
  if (typeof token !== 'string' || typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) {
    throw new Error(`a token of it is ${JSON.stringify([token, id])}`)
  }
  ids.set(token, id)
}

/** Merges are "a b" in older files and ["a", "b"] in newer ones. */
function* pairs(
  merges: readonly unknown[],
  ids: ReadonlyMap<string, number>,
): Generator<[string, string]> {
  for (const merge of merges) {
    const parts: unknown = typeof merge === 'string' ? merge.split(' ') : merge
    const [left, right]: unknown[] = Array.isArray(parts) && parts.length === 2 ? parts : []
    if (typeof left !== 'string' || typeof right !== 'string' || !ids.has(left + right)) {
      throw new Error(`a merge of it is ${JSON.stringify(merge)}`)
    }
    yield [left, right]
  }
}
