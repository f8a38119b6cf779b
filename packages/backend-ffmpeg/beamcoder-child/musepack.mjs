/** Frames by which every Musepack decoder is late: the delay of its filter bank. */
const DECODER_DELAY = 481

/** Bytes in which the packet that describes the stream is looked for: it comes first. */
const SEARCHED = 256

/**
 * Where the signal of a Musepack file of version 8 lies in what FFmpeg decodes, which is all of every packet; null for older ones.
 *
 * @param {(at: number, length: number) => Buffer} read
 * @returns {{ lead: number, frames: number } | null}
 */
export function musepackSpan(read) {
  const bytes = read(0, SEARCHED)
  if (bytes.toString('latin1', 0, 4) !== 'MPCK') return null
  for (let at = 4; at < bytes.length;) {
    // A packet: two letters, its size with these, its content.
    const size = number(bytes, at + 2)
    if (size === null || size.value <= 2) return null
    if (bytes.toString('latin1', at, at + 2) === 'SH') {
      // A checksum and the version come first.
      const samples = number(bytes, size.end + 5)
      const silence = samples && number(bytes, samples.end)
      if (!silence || samples.value <= silence.value) return null
      return { lead: silence.value + DECODER_DELAY, frames: samples.value - silence.value }
    }
    at += size.value
  }
  return null
}

/** A number in groups of seven bits, the highest first; a set eighth bit says that more follow. */
function number(bytes, start) {
  let value = 0
  for (let at = start; at < Math.min(start + 8, bytes.length); at++) {
    value = value * 128 + (bytes[at] & 0x7f)
    if ((bytes[at] & 0x80) === 0) return { value, end: at + 1 }
  }
  return null
}
