import { byteCharacters, fromByteCharacters } from './byte-characters.js'
import { encodeBytePairs } from './byte-pairs.js'
import { findNonSpeechTokens } from './non-speech-tokens.js'
import { findSpecialTokens, timestampCount } from './special-tokens.js'
import type { SpecialTokens } from './special-tokens.js'
import { splitToWordTokens } from './split-words.js'
import type { WordTokens } from './split-words.js'
import type { Vocabulary } from './vocabulary.js'

export type { SpecialTokens } from './special-tokens.js'
export type { WordTokens } from './split-words.js'

/** Text to tokens and back, for one model. */
export interface Tokenizer {
  readonly specials: SpecialTokens
  /** False for the models of English alone (`.en`). */
  readonly multilingual: boolean
  /** Number of ids, timestamps included. */
  readonly vocabularySize: number
  /** Tokens of signs that are not spoken, in order. */
  readonly nonSpeechTokens: readonly number[]
  /** Tokens of a text; '<|en|>' in a text is text too. */
  encode(text: string): number[]
  /** Text of tokens. Special ones are left out; what is not UTF-8 becomes U+FFFD. */
  decode(tokens: Iterable<number>): string
  /** As `decode`, with timestamps as '<|1.00|>'. */
  decodeWithTimestamps(tokens: Iterable<number>): string
  /** What a transcript begins with; `.en` models know no language and no task. */
  sotSequence(language: string, task: 'transcribe' | 'translate'): number[]
  /** Words with their tokens. Languages written without spaces are split at each character. */
  splitToWordTokens(tokens: readonly number[], language: string): WordTokens
}

/** Ids of the smallest multilingual vocabulary. */
const MULTILINGUAL_SIZE = 51_865

/** Makes a tokenizer; throws an Error that says what the vocabulary lacks. */
export function createTokenizer(vocabulary: Vocabulary): Tokenizer {
  const specials = findSpecialTokens(vocabulary.ids)
  for (const character of byteCharacters) {
    if (!vocabulary.ids.has(character)) throw new Error('it lacks tokens of single bytes')
  }
  const texts = textsOf(vocabulary, specials.eot)
  const vocabularySize = specials.timestampBegin + timestampCount
  const multilingual = vocabularySize >= MULTILINGUAL_SIZE
  const encode = (text: string): number[] => encodeBytePairs(text, vocabulary)
  const decode = (tokens: Iterable<number>): string => decodeTexts(tokens, texts)
  const decodeWithTimestamps = (tokens: Iterable<number>): string =>
    decodeTimed(tokens, specials.timestampBegin, decode)
  let nonSpeechTokens: readonly number[] | undefined
  return {
    specials,
    multilingual,
    vocabularySize,
    // When it is first asked for: a model is loaded sooner without.
    get nonSpeechTokens() {
      nonSpeechTokens ??= findNonSpeechTokens(encode)
      return nonSpeechTokens
    },
    encode,
    decode,
    decodeWithTimestamps,
    sotSequence: (language, task) =>
      multilingual
        ? [specials.sot, languageToken(specials, language), specials[task]]
        : [specials.sot],
    splitToWordTokens: (tokens, language) =>
      splitToWordTokens(tokens, language, { decodeWithTimestamps, eot: specials.eot }),
  }
}

/** Ordinary tokens in byte characters, by id. */
function textsOf({ ids }: Vocabulary, eot: number): readonly string[] {
  const texts = Array.from({ length: eot }, () => '')
  for (const [text, id] of ids) if (id < eot) texts[id] = text
  return texts
}

function decodeTexts(tokens: Iterable<number>, texts: readonly string[]): string {
  let characters = ''
  for (const token of tokens) characters += texts[token] ?? ''
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(fromByteCharacters(characters))
}

function decodeTimed(
  tokens: Iterable<number>,
  timestampBegin: number,
  decode: (tokens: Iterable<number>) => string,
): string {
  let text = ''
  let pending: number[] = []
  for (const token of tokens) {
    if (token < timestampBegin) {
      pending.push(token)
      continue
    }
    text += `${decode(pending)}<|${((token - timestampBegin) * 0.02).toFixed(2)}|>`
    pending = []
  }
  return text + decode(pending)
}

function languageToken({ languages }: SpecialTokens, language: string): number {
  const token = languages.get(language)
  if (token !== undefined) return token
  throw new RangeError(`this model has no language '${language}'`)
}
