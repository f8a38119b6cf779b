import { toByteCharacters } from './byte-characters.js'
import { joinPairs } from './join-pairs.js'
import type { Vocabulary } from './vocabulary.js'

/** GPT-2's pieces, with Unicode's white space in place of JavaScript's \s, which takes U+FEFF in and leaves U+0085 out. */
const PIECES =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

/** Tokens of a text. What looks like a special token is text as well. */
export function encodeBytePairs(text: string, vocabulary: Vocabulary): number[] {
  const tokens: number[] = []
  for (const [piece] of text.matchAll(PIECES)) {
    for (const part of joinPairs([...toByteCharacters(piece)], vocabulary.joinRank)) {
      const id = vocabulary.ids.get(part)
      if (id !== undefined) tokens.push(id)
    }
  }
  return tokens
}
