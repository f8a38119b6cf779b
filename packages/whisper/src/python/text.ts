/** What Python's `str.isspace` says, as a class: White_Space and the four information separators. */
const SPACE = '[\\p{White_Space}\\x1c-\\x1f]'
const BEGINNING = new RegExp(`^${SPACE}+`, 'u')
const ENDS = new RegExp(`^${SPACE}+|${SPACE}+$`, 'gu')

/** Python's `text.strip()`; JavaScript's `trim` takes U+FEFF away and leaves U+0085. */
export function strip(text: string): string {
  return text.replace(ENDS, '')
}

/** Python's `text.lstrip()`. */
export function stripStart(text: string): string {
  return text.replace(BEGINNING, '')
}

/** Python's `string.punctuation`. Whisper's `in` is a test for a part of it, the empty text included. */
export const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
