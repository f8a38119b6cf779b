/** Boxes looked at on one level: those of no size to speak of would take as long as the file is. */
const MOST_BOXES = 10_000

/** Where the content of a box lies. */
function* boxes(read, start, end) {
  for (let at = start, count = 0; at + 8 <= end && count < MOST_BOXES; count++) {
    const head = read(at, 16)
    if (head.length < 8) return
    const short = head.readUInt32BE(0)
    const isLong = short === 1 && head.length === 16
    const size = isLong ? Number(head.readBigUInt64BE(8)) : short === 0 ? end - at : short
    const header = isLong ? 16 : 8
    if (size < header) return
    yield { kind: head.toString('latin1', 4, 8), start: at + header, end: at + size }
    at += size
  }
}

/** The first box at the end of a path of kinds. */
function find(read, within, [kind, ...rest]) {
  for (const box of boxes(read, within.start, within.end)) {
    if (box.kind !== kind) continue
    const found = rest.length === 0 ? box : find(read, box, rest)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether one of the outermost boxes reaches beyond the file's end. */
export function boxesReachBeyond(read, size) {
  for (const { end } of boxes(read, 0, size)) if (end > size) return true
  return false
}

/**
 * Length of a track by its table of packets: exact to the frame, where the edit list that FFmpeg goes by counts in ticks of the movie,
 * often milliseconds. Null where there is no table.
 *
 * @param {(at: number, length: number) => Buffer} read
 * @param {number} size
 * @param {number} trackId
 */
export function readTable(read, size, trackId) {
  const movie = find(read, { start: 0, end: size }, ['moov'])
  if (movie === undefined) return null
  for (const track of boxes(read, movie.start, movie.end)) {
    if (track.kind !== 'trak') continue
    const [header, media, table] = [
      ['tkhd'],
      ['mdia', 'mdhd'],
      ['mdia', 'minf', 'stbl', 'stts'],
    ].map((path) => find(read, track, path))
    if (header === undefined || media === undefined || table === undefined) continue
    if (numberAt(read, header, [12, 20]) !== trackId) continue
    const timescale = numberAt(read, media, [12, 20])
    const ticks = sumOfRuns(read(table.start, table.end - table.start))
    return ticks > 0 && timescale > 0 ? { ticks, timescale } : null
  }
  return null
}

/** A number behind two times, whose size depends on the version of the box. */
function numberAt(read, { start }, [short, long]) {
  const bytes = read(start, 24)
  const at = bytes[0] === 1 ? long : short
  return at + 4 <= bytes.length ? bytes.readUInt32BE(at) : null
}

/** Runs of packets: how many, how long. */
function sumOfRuns(bytes) {
  if (bytes.length < 8) return 0
  let sum = 0
  const runs = Math.min(bytes.readUInt32BE(4), Math.floor((bytes.length - 8) / 8))
  for (let i = 0; i < runs; i++)
    sum += bytes.readUInt32BE(8 + i * 8) * bytes.readUInt32BE(12 + i * 8)
  return sum
}
