import { startTimeSlice } from './time-slice.js'

/** Samples read between two looks at the clock. */
const STRETCH_SAMPLES = 65_536

/**
 * The mean of all channels, frame by frame: the sum is taken in double precision and rounded once. `data` is planar,
 * `channels` × frames long; the result is a new array of `frames` samples, also for one channel.
 *
 * @throws {RangeError} when `data.length` is no multiple of `channels`, or `channels` is not a positive integer.
 */
export function mixToMono(data: Float32Array, channels: number): Float32Array {
  const frames = frameCount(data, channels)
  if (channels === 1) return data.slice()
  const mono = new Float32Array(frames)
  mixInto(mono, data, channels, 0, frames)
  return mono
}

/** Like `mixToMono`, giving the event loop a turn every millisecond. Rejects with `signal.reason` when cancelled. */
export async function mixToMonoInSlices(
  data: Float32Array,
  channels: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const frames = frameCount(data, channels)
  const slice = startTimeSlice(signal)
  const mono = new Float32Array(frames)
  const stretch = Math.ceil(STRETCH_SAMPLES / channels)
  for (let start = 0; start < frames; start += stretch) {
    mixInto(mono, data, channels, start, Math.min(start + stretch, frames))
    if (slice.isOver()) await slice.turn()
  }
  return mono
}

function frameCount(data: Float32Array, channels: number): number {
  if (!Number.isInteger(channels) || channels < 1 || data.length % channels !== 0) {
    throw new RangeError(`${data.length} samples cannot be ${channels} channels of equal length`)
  }
  return data.length / channels
}

function mixInto(
  mono: Float32Array,
  data: Float32Array,
  channels: number,
  start: number,
  end: number,
): void {
  const frames = mono.length
  if (channels === 1) {
    mono.set(data.subarray(start, end), start)
  } else if (channels === 2) {
    for (let i = start; i < end; i++) mono[i] = (data[i]! + data[frames + i]!) / 2
  } else {
    for (let i = start; i < end; i++) {
      let sum = 0
      for (let at = i; at < data.length; at += frames) sum += data[at]!
      mono[i] = sum / channels
    }
  }
}
