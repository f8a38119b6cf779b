import type { Format } from './format.js'

/** Bytes looked at. */
const SAMPLE_BYTES = 512

/** Recognises text: 'html', 'json', 'xml' or 'text'. A file of sound that is all printable for 512 bytes does not happen. */
export function textFormat(bytes: Uint8Array): Format | null {
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  if (sample.length < 4 || sample.some(isNoText)) return null
  const text = new TextDecoder('utf-8', { fatal: true })
  try {
    const start = text.decode(sample, { stream: true }).trimStart().toLowerCase()
    return { container: kindOf(start), codec: null }
  } catch {
    return null
  }
}

function kindOf(start: string): string {
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'html'
  if (start.startsWith('<')) return 'xml'
  return /^[[{]\s*["[{\]}\d-]/.test(start) ? 'json' : 'text'
}

/** Control characters but tab, line feed, form feed and carriage return. */
function isNoText(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d
}
