const SYMBOLS = [
  ...Array.from('"#()*+/:;<=>@[\\]^_`{|}~「」『』'),
  ...'<< >> <<< >>> -- --- -( -[ (\' (" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪'.split(' '),
]
/** Several tokens in most vocabularies, whose first one stands for musical signs and the like only. */
const MUSIC = Array.from('♩♪♫♬♭♮♯')

/** Tokens of signs that are not spoken, in order: brackets, quotes, notes of music. OpenAI's choice. */
export function findNonSpeechTokens(encode: (text: string) => readonly number[]): number[] {
  const found = new Set<number>()
  const add = (text: string, onlyWhole: boolean): void => {
    const tokens = encode(text)
    const [first] = tokens
    if (first !== undefined && (tokens.length === 1 || !onlyWhole)) found.add(first)
  }
  // A hyphen or an apostrophe may stand within a word, but not begin it.
  add(' -', false)
  add(" '", false)
  for (const symbol of SYMBOLS) {
    add(symbol, true)
    add(` ${symbol}`, true)
  }
  for (const symbol of MUSIC) {
    add(symbol, false)
    add(` ${symbol}`, false)
  }
  return [...found].toSorted((a, b) => a - b)
}
