import { punctuation, strip } from '../python/text.js'

/** Words of a text with the tokens that make each. */
export interface WordTokens {
  readonly words: string[]
  readonly wordTokens: number[][]
}

/** What splitting needs to know of a tokenizer. */
export interface TokenReader {
  readonly decodeWithTimestamps: (tokens: Iterable<number>) => string
  readonly eot: number
}

/** Languages written without spaces between words: a word is what decodes to whole characters. */
const WITHOUT_SPACES: ReadonlySet<string> = new Set(['zh', 'ja', 'th', 'lo', 'my', 'yue'])

/** Splits tokens into words as faster-whisper does. */
export function splitToWordTokens(
  tokens: readonly number[],
  language: string,
  reader: TokenReader,
): WordTokens {
  const characters = splitOnUnicode(tokens, reader)
  return WITHOUT_SPACES.has(language) ? characters : joinOnSpaces(characters, reader.eot)
}

/** Splits where tokens decode to whole characters; a U+FFFD of the whole text is whole. */
function splitOnUnicode(tokens: readonly number[], reader: TokenReader): WordTokens {
  const full = [...reader.decodeWithTimestamps(tokens)]
  const words: string[] = []
  const wordTokens: number[][] = []
  let current: number[] = []
  let offset = 0
  for (const token of tokens) {
    current.push(token)
    const decoded = [...reader.decodeWithTimestamps(current)]
    const broken = decoded.indexOf('\ufffd')
    if (broken === -1 || full[offset + broken] === '\ufffd') {
      words.push(decoded.join(''))
      wordTokens.push(current)
      current = []
      offset += decoded.length
    }
  }
  return { words, wordTokens }
}

function joinOnSpaces(parts: WordTokens, eot: number): WordTokens {
  const words: string[] = []
  const wordTokens: number[][] = []
  for (const [index, part] of parts.words.entries()) {
    const tokens = parts.wordTokens[index] ?? []
    const isSpecial = (tokens[0] ?? 0) >= eot
    const isPunctuation = punctuation.includes(strip(part))
    const last = words.length - 1
    if (isSpecial || part.startsWith(' ') || isPunctuation || last < 0) {
      words.push(part)
      wordTokens.push([...tokens])
    } else {
      words[last] += part
      wordTokens[last]?.push(...tokens)
    }
  }
  return { words, wordTokens }
}
