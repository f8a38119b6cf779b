import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Whisper's vocabularies with more than English have at least this many tokens (openai/whisper, `is_multilingual`). */
const MULTILINGUAL = 51_865

/** Id of `<|endoftext|>`, from CTranslate2's list of tokens when the folder has it, else from the size of the vocabulary. */
export async function findEndOfText(folder: string, vocabulary: number): Promise<number> {
  const tokens = (await readVocabulary(folder)) ?? []
  const id = tokens.indexOf('<|endoftext|>')
  if (id > 0 && id < vocabulary) return id
  return endOfTextBySize(vocabulary)
}

/** Id of `<|endoftext|>` in openai/whisper's vocabularies. */
export function endOfTextBySize(vocabulary: number): number {
  return vocabulary >= MULTILINGUAL ? 50_257 : 50_256
}

async function readVocabulary(folder: string): Promise<readonly unknown[] | undefined> {
  const json = await readText(join(folder, 'vocabulary.json'))
  if (json !== undefined) {
    try {
      const tokens: unknown = JSON.parse(json)
      return Array.isArray(tokens) ? tokens : undefined
    } catch {
      // A damaged list is noticed by the tokenizer, which needs it.
      return undefined
    }
  }
  return (await readText(join(folder, 'vocabulary.txt')))?.split('\n')
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}
