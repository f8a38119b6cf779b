import { fstatSync, readSync } from 'node:fs'

import { boxesReachBeyond, readTable } from './mp4-table.mjs'
import { musepackSpan } from './musepack.mjs'
import { walkPages } from './ogg-pages.mjs'

/**
 * What the bytes of a file tell that FFmpeg does not.
 *
 * @param {number} file
 * @param {string} container
 * @param {number} trackId The number that the file gives the track.
 */
export function fileFacts(file, container, trackId) {
  const { size } = fstatSync(file)
  const read = (at, length) => {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - at)))
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, at))
  }
  const head = read(0, 8)
  const magic = head.toString('latin1', 0, 4)
  const facts = {
    magic,
    isCut: false,
    lostPages: [],
    lastGranule: null,
    table: null,
    musepack: null,
  }
  if (container === 'ogg') {
    const pages = walkPages(read, size)
    facts.isCut = !pages.ended
    facts.lostPages = pages.lost
    if (pages.single && pages.ended) facts.lastGranule = pages.lastGranule
  } else if (container === 'mp4') {
    facts.isCut = boxesReachBeyond(read, size)
    facts.table = readTable(read, size, trackId)
  } else if (container === 'musepack') {
    facts.musepack = musepackSpan(read)
  } else if (magic === 'caff') {
    facts.isCut = isCafCut(read, size)
  } else if (head.length === 8 && (magic === 'RIFF' || magic === 'FORM')) {
    const said = magic === 'RIFF' ? head.readUInt32LE(4) : head.readUInt32BE(4)
    // Writers that could not go back say 0 or all ones, or end with half a chunk header.
    facts.isCut = said !== 0 && said !== 0xffff_ffff && said > size
  }
  return facts
}

/** Whether a chunk of a CAF file reaches beyond the file's end. */
function isCafCut(read, size) {
  for (let at = 8, chunks = 0; chunks < 1000; chunks++) {
    const head = read(at, 12)
    if (head.length < 12) return head.length > 0
    const length = head.readBigInt64BE(4)
    // Audio of a size that nobody knew goes on to the end.
    if (length < 0n) return head.toString('latin1', 0, 4) !== 'data'
    if (BigInt(at) + 12n + length > BigInt(size)) return true
    at += 12 + Number(length)
  }
  return false
}
