/** One QOA frame: where it lies and what its header says. */
export interface QoaFrame {
  /** First byte of the frame in the file. */
  readonly byteOffset: number
  /** Channels, 1 to 255. */
  readonly channels: number
  /** Frames per second in Hz, 1 to 16,777,215. */
  readonly sampleRate: number
  /** Samples per channel, 1 to 5,120. */
  readonly samples: number
}

/** What a file consists of. */
export interface QoaFile {
  /** Frames that lie whole in the file, in order. */
  readonly frames: readonly QoaFrame[]
  /** Samples per channel that the file header promises, or null in a streaming file. */
  readonly expectedSamples: number | null
  /** Why reading ended before the end of the file, or null. */
  readonly stopped: { readonly byteOffset: number; readonly reason: string } | null
}

/** Samples in one slice, the unit that is decoded at once. */
export const SLICE_SAMPLES = 20
/** Bytes of the file header. */
export const FILE_HEADER_BYTES = 8
/** Bytes of a frame header. */
export const FRAME_HEADER_BYTES = 8
/** Bytes of the predictor's state for one channel: 4 samples and 4 weights. */
export const LMS_BYTES = 16
/** Bytes of one slice. */
export const SLICE_BYTES = 8
/** Most samples per channel in a frame: 256 slices. */
export const MAX_FRAME_SAMPLES: number = 256 * SLICE_SAMPLES

/** Whether a file begins as QOA files do. */
export function isQoa(header: Uint8Array): boolean {
  return ['q', 'o', 'a', 'f'].every((letter, i) => header[i] === letter.charCodeAt(0))
}

/** Bytes that a frame of this shape takes. */
export function frameBytes(channels: number, samples: number): number {
  const slices = Math.ceil(samples / SLICE_SAMPLES)
  return FRAME_HEADER_BYTES + channels * (LMS_BYTES + slices * SLICE_BYTES)
}

/**
 * Walks over the frame headers without decoding. Every size is checked against the bytes that are there, so that whatever
 * the file claims, only samples that exist are counted.
 */
export function readFrames(bytes: Uint8Array): QoaFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const promised = bytes.length >= FILE_HEADER_BYTES ? view.getUint32(4) : 0
  const expectedSamples = promised === 0 ? null : promised
  const frames: QoaFrame[] = []
  let total = 0
  let at = FILE_HEADER_BYTES
  const stop = (reason: string): QoaFile => ({
    frames,
    expectedSamples,
    stopped: { byteOffset: at, reason },
  })
  // What follows the promised samples is not audio.
  while (at < bytes.length && (expectedSamples === null || total < expectedSamples)) {
    if (bytes.length - at < FRAME_HEADER_BYTES) return stop('the last frame header is cut off')
    const channels = view.getUint8(at)
    const sampleRate = view.getUint32(at) & 0xffffff
    const samples = view.getUint16(at + 4)
    const size = view.getUint16(at + 6)
    if (channels === 0 || sampleRate === 0 || samples === 0 || samples > MAX_FRAME_SAMPLES) {
      return stop('a frame header makes no sense')
    }
    if (size < frameBytes(channels, samples)) return stop('a frame is too small for its samples')
    if (bytes.length - at < size) return stop('the last frame is cut off')
    frames.push({ byteOffset: at, channels, sampleRate, samples })
    total += samples
    at += size
  }
  return { frames, expectedSamples, stopped: null }
}
