import { byteCharacters } from '../../src/tokenizer/byte-characters.js'
import { languageNames } from '../../src/tokenizer/languages.js'
import { timestampCount } from '../../src/tokenizer/special-tokens.js'

/** Tokens of a vocabulary for tests, by id: all bytes, `joined` (in byte characters), then Whisper's special tokens. */
export function smallVocabulary(joined: readonly string[] = [], languages = 99): readonly string[] {
  const codes = [...languageNames.keys()].slice(0, languages)
  const steering = ['translate', 'transcribe', 'startoflm', 'startofprev', 'nospeech']
  const times = Array.from({ length: timestampCount }, (_, at) => (at * 0.02).toFixed(2))
  const specials = ['endoftext', 'startoftranscript', ...codes, ...steering, 'notimestamps']
  return [...byteCharacters, ...joined, ...[...specials, ...times].map((name) => `<|${name}|>`)]
}
