/**
 * GPT-2 writes tokens in files as text, one character for each byte: printable Latin-1 bytes stand for themselves,
 * the other 68 for U+0100 onwards.
 */
const PRINTABLE = [
  [0x21, 0x7e],
  [0xa1, 0xac],
  [0xae, 0xff],
] as const

/** The character that stands for each byte. */
export const byteCharacters: readonly string[] = makeCharacters()

/** The byte that each character stands for, by its code; -1 for a character that stands for none. */
const BYTES: Int16Array = makeBytes()

/** Text as UTF-8, each byte as its character. Lone surrogates become U+FFFD. */
export function toByteCharacters(text: string): string {
  let characters = ''
  for (const byte of new TextEncoder().encode(text)) characters += byteCharacters[byte] ?? ''
  return characters
}

/** Bytes that `characters` stand for. A character that stands for no byte is dropped. */
export function fromByteCharacters(characters: string): Uint8Array {
  const bytes = new Uint8Array(characters.length)
  let length = 0
  for (let at = 0; at < characters.length; at++) {
    const byte = BYTES[characters.charCodeAt(at)] ?? -1
    if (byte >= 0) bytes[length++] = byte
  }
  return bytes.subarray(0, length)
}

function makeCharacters(): readonly string[] {
  let next = 0x100
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = PRINTABLE.some(([first, last]) => byte >= first && byte <= last)
    return String.fromCharCode(printable ? byte : next++)
  })
}

function makeBytes(): Int16Array {
  const bytes = new Int16Array(0x144).fill(-1)
  for (const [byte, character] of byteCharacters.entries()) bytes[character.charCodeAt(0)] = byte
  return bytes
}
