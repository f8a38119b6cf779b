import { AudioDecodeError } from '../errors.js'
import type { Limits } from '../limits.js'
import { emptyInput, tooLarge } from './input-errors.js'

/**
 * The bytes of a data: URL (RFC 2397), read strictly: a wrong base64 digit or percent escape is ERR_CORRUPT, where browsers
 * would guess.
 */
export function decodeDataUrl(url: string, label: string, limits: Limits): Uint8Array {
  const comma = url.indexOf(',')
  if (comma < 0) throw malformed(label, 'it has no comma between type and data')
  const isBase64 = /;\s*base64\s*$/i.test(url.slice(0, comma))
  const fragment = url.indexOf('#', comma)
  const body = url.slice(comma + 1, fragment < 0 ? undefined : fragment)
  // A base64 body of n characters holds at most 3n/4 bytes, a percent-encoded one at least n/3.
  const atLeast = Math.floor(body.length / 3)
  if (atLeast > limits.maxInputBytes) throw tooLarge(label, null, limits.maxInputBytes)
  const bytes = isBase64
    ? fromBase64(percentDecode(body, label), label)
    : percentDecode(body, label)
  if (bytes.byteLength > limits.maxInputBytes) {
    throw tooLarge(label, bytes.byteLength, limits.maxInputBytes)
  }
  if (bytes.byteLength === 0) throw emptyInput(label)
  return bytes
}

function percentDecode(text: string, label: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8')
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    let byte = bytes[at]!
    if (byte === 0x25) {
      const digits = bytes.toString('latin1', at + 1, at + 3)
      if (!/^[0-9a-f]{2}$/i.test(digits)) throw malformed(label, 'it has a broken percent escape')
      byte = Number.parseInt(digits, 16)
      at += 2
    }
    bytes[length++] = byte
  }
  return new Uint8Array(bytes.subarray(0, length))
}

function fromBase64(digits: Uint8Array, label: string): Uint8Array {
  const text = Buffer.from(digits.buffer, digits.byteOffset, digits.byteLength)
    .toString('latin1')
    .replace(/[\t\n\f\r ]/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw malformed(label, 'its data is not base64')
  const padded = text.endsWith('=')
  const length = text.replace(/=+$/, '').length
  if ((padded && text.length % 4 !== 0) || length % 4 === 1) {
    throw malformed(label, 'its base64 data is cut short')
  }
  return new Uint8Array(Buffer.from(text, 'base64'))
}

function malformed(label: string, why: string): AudioDecodeError {
  return new AudioDecodeError(
    'ERR_CORRUPT',
    `The data: URL is not valid: ${why}. Expected data:audio/…;base64,….`,
    { input: label },
  )
}
