import { AudioDecodeError, isAudioDecodeError, load } from '@audiodecode/core'
import type { AudioData, LoadOptions } from '@audiodecode/core'

import type { TakenBatches } from '../batches/taken-batches.js'
import type { CheckedOptions } from '../check-options.js'
import type { DataItem } from '../loader-options.js'
import { computeFeatures } from './compute-features.js'
import { cropStart } from './crop.js'
import { pathOf } from './item-path.js'
import type { ScratchPool } from './scratch.js'

/** Frames more than a crop has, so that rounding to frames of another rate leaves enough. */
const SPARE_FRAMES = 2

/** Which item, of which epoch. */
export interface ItemRequest {
  readonly item: DataItem
  readonly index: number
  readonly seed: number
  readonly epoch: number
  /** Its duration, when it is known. */
  readonly seconds: number | null
  readonly threads: number
  readonly signal: AbortSignal
}

/** An item as it goes into a batch: lines of numbers, one behind the other. */
export interface LoadedItem {
  /** Line l lies from l × stride on and is `frames` long. */
  readonly data: Float32Array
  readonly stride: number
  readonly frames: number
  readonly channels: number
  /** Lines of each channel: 1 for samples. */
  readonly rows: number
  readonly startSeconds: number
  readonly decodedSeconds: number
  readonly damaged: boolean
  /** Gives the memory back; may be called again. */
  release(): void
}

/** What items are decoded into, and who counts what is left of them. */
export interface ItemMemory {
  readonly scratch: ScratchPool
  readonly taken: TakenBatches
}

/** Loads an item: decodes it, or its crop, and computes its features. Rejects with AudioDecodeError, or `signal.reason`. */
export async function loadItem(
  request: ItemRequest,
  options: CheckedOptions,
  memory: ItemMemory,
): Promise<LoadedItem> {
  const { item, signal } = request
  try {
    return await decodeItem(request, options, memory)
  } catch (error) {
    signal.throwIfAborted()
    throw toItemError(error, pathOf(item))
  }
}

async function decodeItem(
  request: ItemRequest,
  options: CheckedOptions,
  { scratch, taken }: ItemMemory,
): Promise<LoadedItem> {
  const { item, threads, signal } = request
  const { features, sampleRate, cropFrames, mono } = options
  const wanted = {
    ...options.load,
    sampleRate,
    mono,
    threads,
    signal,
    ...rangeOf(request, options),
  }
  const length = scratchLength(options, request.seconds)
  const out = length === 0 ? undefined : scratch.take(length)
  const release = once(() => {
    if (out !== undefined) scratch.give(out)
  })
  try {
    const audio = await loadInto(pathOf(item), wanted, out)
    const frames = Math.min(audio.frames, cropFrames ?? audio.frames)
    const { channels, startSeconds, report } = audio
    const about = {
      channels,
      startSeconds,
      decodedSeconds: audio.durationSeconds,
      damaged: report.truncated || report.damaged.length > 0,
    }
    if (features === undefined) {
      return { ...about, data: audio.data, stride: audio.frames, frames, rows: 1, release }
    }
    const matrix = await computeFeatures(firstFrames(audio, frames), features, signal)
    release()
    const [rows, columns] = matrix.shape
    return {
      ...about,
      data: matrix.data,
      stride: columns,
      frames: columns,
      rows,
      release: once(() => taken.drop(matrix.data)),
    }
  } catch (error) {
    release()
    throw error
  }
}

/** Memory that is given back twice would be lent to two. */
function once(give: () => void): () => void {
  let isGiven = false
  return () => {
    if (!isGiven) give()
    isGiven = true
  }
}

function rangeOf(
  { index, seed, epoch, seconds }: ItemRequest,
  { cropFrames, sampleRate }: CheckedOptions,
): Pick<LoadOptions, 'offset' | 'duration'> {
  if (cropFrames === undefined) return {}
  const draw = { seed, epoch, index, seconds: seconds ?? 0, frames: cropFrames, sampleRate }
  const start = cropStart(draw)
  return { offset: start / sampleRate, duration: (cropFrames + SPARE_FRAMES) / sampleRate }
}

/** Samples that there must be room for, where it is known how many an item has; or else 0. */
export function scratchLength(
  { mono, cropFrames, sampleRate }: CheckedOptions,
  seconds: number | null,
): number {
  if (!mono || seconds === null) return 0
  // A list's durations are rounded: a hundredth of a second more.
  const whole = Math.ceil((seconds + 0.01) * sampleRate) + SPARE_FRAMES
  // A range may come out a frame longer than its seconds at another rate.
  return cropFrames === undefined ? whole : Math.min(whole, cropFrames + 2 * SPARE_FRAMES)
}

async function loadInto(
  path: string,
  options: LoadOptions,
  out: Float32Array | undefined,
): Promise<AudioData> {
  if (out === undefined) return load(path, options)
  try {
    return await load(path, { ...options, out })
  } catch (error) {
    // The file is longer than was said.
    if (error instanceof RangeError) return load(path, options)
    throw error
  }
}

/** The beginning of each channel. */
function firstFrames(audio: AudioData, frames: number): AudioData {
  if (frames === audio.frames) return audio
  const { channels, channelData, sampleRate } = audio
  const durationSeconds = frames / sampleRate
  if (channels === 1) {
    const data = audio.data.subarray(0, frames)
    return { ...audio, data, channelData: [data], frames, durationSeconds }
  }
  const data = new Float32Array(frames * channels)
  const planes = channelData.map((plane, channel) => {
    data.set(plane.subarray(0, frames), channel * frames)
    return data.subarray(channel * frames, (channel + 1) * frames)
  })
  return { ...audio, data, channelData: planes, frames, durationSeconds }
}

function toItemError(error: unknown, path: string): AudioDecodeError {
  if (isAudioDecodeError(error)) return error
  const reason = error instanceof Error ? error.message : String(error)
  // Audio that is too short for a frame, say.
  return new AudioDecodeError('ERR_UNSUPPORTED_FORMAT', `${path}: ${reason}`, {
    input: path,
    cause: error,
  })
}
