/** Bytes a probe gets to see: enough for several MPEG frames behind some garbage. */
export const HEADER_BYTES: number = 16 * 1024

/** Leading tags that are followed before giving up. */
const MAX_TAGS = 8

/** Gives up to `length` bytes from `position` on; fewer only at the end. */
export type ReadAt = (position: number, length: number) => Promise<Uint8Array> | Uint8Array

/**
 * The bytes that tell the format: up to 16 KiB from where the audio begins, behind ID3v2 tags (which may hold megabytes of
 * pictures). When a tag claims to reach to the end or beyond, the header begins with that tag.
 */
export async function readHeader(readAt: ReadAt, size: number): Promise<Uint8Array> {
  let position = 0
  let header = await readAt(0, HEADER_BYTES)
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    const tag = id3v2Size(header)
    if (tag === 0 || position + tag >= size) break
    position += tag
    header = await readAt(position, HEADER_BYTES)
  }
  return header
}

/** Size of the ID3v2 tag that begins here, header and footer included; 0 when there is none (ID3v2.4 structure, §3.1). */
export function id3v2Size(bytes: Uint8Array): number {
  const [i, d, three, major, minor, flags, a, b, c, e] = bytes
  if (i !== 0x49 || d !== 0x44 || three !== 0x33 || e === undefined) return 0
  if (major === 0xff || minor === 0xff || (a! | b! | c! | e) > 0x7f) return 0
  const footer = (flags! & 0x10) === 0 ? 0 : 10
  return 10 + a! * 0x200000 + b! * 0x4000 + c! * 0x80 + e + footer
}
