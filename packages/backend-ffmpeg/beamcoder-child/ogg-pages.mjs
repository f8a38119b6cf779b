/** Bytes of a page's header before its table of segments. */
const HEADER = 27
/** Most bytes of a page. */
const MOST = HEADER + 255 + 255 * 255
/** Bytes read at a time. */
const WINDOW = 1 << 20
/** Damaged places remembered. */
const MOST_PLACES = 1000

/** CRC-32 as Ogg has it: polynomial 0x04c11db7, not reflected. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 24
  for (let bit = 0; bit < 8; bit++)
    rest = rest & 0x8000_0000 ? (rest << 1) ^ 0x04c1_1db7 : rest << 1
  return rest >>> 0
})

/**
 * Walks through all pages of an Ogg file, checksums included: FFmpeg leaves out pages that fail theirs and says nothing. `single`: one
 * stream alone; `ended`: the last page is whole, and marked as the last; `lost`: the granule positions around pages that are missing or
 * broken, and where in the file.
 *
 * @param {(at: number, length: number) => Buffer} read
 * @param {number} size
 */
export function walkPages(read, size) {
  const pages = { single: true, ended: false, lastGranule: 0, lost: [] }
  let first = null
  let next = null
  let end = 0
  for (const { page, at } of soundPages(read, size)) {
    first ??= page.serial
    const granule = page.granule < 0 ? pages.lastGranule : page.granule
    pages.single &&= page.serial === first
    const isMissed = at > end || (next !== null && next !== page.sequence)
    if (isMissed && page.serial === first && pages.lost.length < MOST_PLACES) {
      pages.lost.push({ from: pages.lastGranule, to: granule, byteOffset: at > end ? end : at })
    }
    next = (page.sequence + 1) >>> 0
    pages.lastGranule = granule
    pages.ended = page.isLast
    end = at + page.length
  }
  pages.ended &&= end >= size
  return pages
}

/** The pages that are whole and right, in order, with where they begin. */
function* soundPages(read, size) {
  let window = read(0, WINDOW)
  let start = 0
  for (let at = 0; at < size;) {
    if (at + MOST > start + window.length && start + window.length < size) {
      start = at
      window = read(at, WINDOW)
    }
    const found = window.indexOf('OggS', at - start, 'latin1')
    if (found < 0) {
      // The beginning of the mark may be the window's end.
      at = start + window.length - (start + window.length < size ? 3 : 0)
      continue
    }
    at = start + found
    // Near the window's end there may be more of the page behind it.
    if (found > 0 && at + MOST > start + window.length && start + window.length < size) continue
    const page = pageAt(window, found)
    if (page !== null) yield { page, at }
    at += page?.length ?? 1
  }
}

/** The page that begins there, or null where none does that is whole and right. */
function pageAt(bytes, at) {
  if (at + HEADER > bytes.length || bytes[at + 4] !== 0) return null
  const segments = bytes[at + 26]
  if (at + HEADER + segments > bytes.length) return null
  let length = HEADER + segments
  for (let i = 0; i < segments; i++) length += bytes[at + HEADER + i]
  if (at + length > bytes.length) return null
  const page = bytes.subarray(at, at + length)
  if (page.readUInt32LE(22) !== checksum(page)) return null
  return {
    length,
    isLast: (page[5] & 4) !== 0,
    granule: Number(page.readBigInt64LE(6)),
    serial: page.readUInt32LE(14),
    sequence: page.readUInt32LE(18),
  }
}

/** Of the page with zeros in place of its checksum. */
function checksum(page) {
  let sum = 0
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : page[i]
    sum = (sum << 8) ^ TABLE[(sum >>> 24) ^ byte]
  }
  return sum >>> 0
}
