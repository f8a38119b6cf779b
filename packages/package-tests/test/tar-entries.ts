const BLOCK = 512

const text = (bytes: Uint8Array, start: number, length: number): string =>
  new TextDecoder().decode(bytes.subarray(start, start + length)).replace(/\0.*$/s, '')

/** Names and sizes in bytes of the plain files in a tar archive, as npm writes them (POSIX ustar, IEEE 1003.1). */
export function tarEntries(archive: Uint8Array): readonly { name: string; size: number }[] {
  const entries: { name: string; size: number }[] = []
  for (let offset = 0; offset + BLOCK <= archive.length && archive[offset] !== 0;) {
    const size = Number.parseInt(text(archive, offset + 124, 12), 8)
    const type = text(archive, offset + 156, 1)
    const prefix = text(archive, offset + 345, 155)
    const name = text(archive, offset, 100)
    if (type === '' || type === '0')
      entries.push({ name: prefix === '' ? name : `${prefix}/${name}`, size })
    offset += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return entries
}
