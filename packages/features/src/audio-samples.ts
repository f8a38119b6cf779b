import { setImmediate as nextTurn } from 'node:timers/promises'

import type { AudioData, Samples } from '@audiodecode/core'
import { allocateSamples } from '@audiodecode/native-bridge'

/** Samples copied in one go: 2 MiB, half a millisecond. */
const STRETCH_SAMPLES = 1 << 19

/** Planar samples of an argument, checked. */
export interface PlanarAudio {
  /** Channel after channel. */
  readonly data: Float32Array
  readonly channels: number
  /** Samples of each channel. */
  readonly frames: number
  readonly sampleRate: number
}

/**
 * What `load` gave, or mono samples.
 *
 * @throws TypeError for anything else, RangeError for a rate that is none.
 */
export function checkAudio(audio: AudioData | Samples): PlanarAudio {
  if (typeof audio !== 'object' || audio === null) throw notAudio()
  const { sampleRate } = audio
  const data: unknown = 'data' in audio ? audio.data : audio.samples
  const channels: unknown = 'data' in audio ? audio.channels : 1
  // By name, since the array may come from another realm.
  if (Object.prototype.toString.call(data) !== '[object Float32Array]') throw notAudio()
  if (typeof sampleRate !== 'number') throw new TypeError('sampleRate must be a number, in Hz')
  if (!Number.isFinite(sampleRate) || sampleRate <= 0) {
    throw new RangeError(`sampleRate must be above 0 Hz, not ${sampleRate}`)
  }
  const samples = data as Float32Array
  if (!Number.isSafeInteger(channels) || samples.length % (channels as number) !== 0) {
    throw new RangeError(
      `${samples.length} samples do not divide into ${String(channels)} channels of equal length`,
    )
  }
  const count = channels as number
  const frames = 'frames' in audio ? audio.frames : undefined
  if (isDetached(samples) || (frames !== undefined && samples.length !== count * frames)) {
    throw new TypeError('the samples are gone: their buffer was transferred or resized')
  }
  return { data: samples, channels: count, frames: samples.length / count, sampleRate }
}

/** Whether samples lie on a SharedArrayBuffer. By name, since it may come from another realm. */
export function isShared({ buffer }: Float32Array): boolean {
  return Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]'
}

/**
 * A copy for the addon, with room for `before` samples ahead of each channel: the caller may write to or transfer what it has
 * given. Long audio is copied in stretches, between which the event loop has its turns.
 *
 * @throws TypeError when the samples are transferred meanwhile; `signal.reason` after an abort.
 */
export async function copyAudio(
  { data, channels, frames }: PlanarAudio,
  what: string,
  signal: AbortSignal | undefined,
  before = 0,
): Promise<Float32Array> {
  const copy = takeMemory(channels * (before + frames), what)
  const { length } = data
  let copied = 0
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < frames; at += STRETCH_SAMPLES) {
      if (copied >= STRETCH_SAMPLES) {
        await nextTurn()
        signal?.throwIfAborted()
        copied = 0
      }
      if (data.length !== length) {
        throw new TypeError(
          `${what}: the samples were transferred or resized while they were read; keep them until the promise settles`,
        )
      }
      const from = channel * frames + at
      const stretch = data.subarray(from, from + Math.min(STRETCH_SAMPLES, frames - at))
      copy.set(stretch, channel * (before + frames) + before + at)
      copied += stretch.length
    }
  }
  return copy
}

/**
 * Memory of earlier calls, whose pages are there already: to copy into new memory takes several times as long. Several, since calls
 * overlap.
 */
const spares: Float32Array[] = []

/** The most that is kept, in samples: 16 MiB. */
const MAX_SPARE_SAMPLES = 1 << 22

function takeMemory(length: number, what: string): Float32Array {
  const at = spares.findIndex((spare) => spare.length >= length)
  const [spare] = at < 0 ? [] : spares.splice(at, 1)
  return spare?.subarray(0, length) ?? allocateSamples(length, undefined, what)
}

/** Takes a copy back that nobody reads any more, for the next one. */
export function giveBack(copy: Float32Array): void {
  const whole = new Float32Array(copy.buffer)
  if (whole.length === 0 || whole.length > MAX_SPARE_SAMPLES) return
  spares.push(whole)
  let kept = spares.reduce((sum, { length }) => sum + length, 0)
  while (kept > MAX_SPARE_SAMPLES) kept -= spares.shift()?.length ?? kept
}

function isDetached({ buffer, length }: Float32Array): boolean {
  if (length > 0) return false
  try {
    // Node 20 has no other way to tell it from an empty buffer.
    return new Uint8Array(buffer).length < 0
  } catch {
    return true
  }
}

function notAudio(): TypeError {
  return new TypeError(
    'audio must be what load() gives, or { samples: Float32Array, sampleRate: number }',
  )
}
