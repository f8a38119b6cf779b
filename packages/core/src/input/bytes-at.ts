/** Whether `bytes` hold these ASCII characters at a place; '?' stands for any byte. */
export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > bytes.length) return false
  for (let i = 0; i < text.length; i++) {
    const wanted = text.charCodeAt(i)
    if (wanted !== 0x3f && bytes[at + i] !== wanted) return false
  }
  return true
}

/** ASCII text at a place, cut at the end of the bytes. */
export function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

/** Place of ASCII text at or after `from`, or -1. */
export function findText(bytes: Uint8Array, text: string, from = 0): number {
  for (let at = from; at + text.length <= bytes.length; at++) {
    if (hasText(bytes, at, text)) return at
  }
  return -1
}

/** Unsigned little-endian number of 2 or 4 bytes; 0 beyond the end. */
export function littleEndian(bytes: Uint8Array, at: number, size: 2 | 4): number {
  let value = 0
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0)
  return value
}

/** Unsigned big-endian number of 2 or 4 bytes; 0 beyond the end. */
export function bigEndian(bytes: Uint8Array, at: number, size: 2 | 4): number {
  let value = 0
  for (let i = 0; i < size; i++) value = value * 256 + (bytes[at + i] ?? 0)
  return value
}
