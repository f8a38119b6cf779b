import type { Tokenizer } from '../../src/tokenizer/tokenizer.js'

/** A stand-in whose tokens are bytes; the one of reference/text-transcribe.py. */
export const byteTokenizer: Tokenizer = {
  specials: {
    eot: 256,
    sot: 257,
    languages: new Map([
      ['en', 258],
      ['ja', 259],
    ]),
    translate: 260,
    transcribe: 261,
    startOfLm: 262,
    startOfPrev: 263,
    noSpeech: 264,
    noTimestamps: 299,
    timestampBegin: 300,
  },
  multilingual: true,
  vocabularySize: 1801,
  nonSpeechTokens: [2, 5, 40, 91],
  encode: (text) => [...new TextEncoder().encode(text)],
  decode,
  decodeWithTimestamps: decode,
  sotSequence: (language, task) => [
    257,
    language === 'en' ? 258 : 259,
    task === 'translate' ? 260 : 261,
  ],
  splitToWordTokens: () => ({ words: [], wordTokens: [] }),
}

function decode(tokens: Iterable<number>): string {
  return new TextDecoder().decode(Uint8Array.from([...tokens].filter((token) => token < 256)))
}
