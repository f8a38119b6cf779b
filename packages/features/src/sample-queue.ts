import { copyAudio } from './audio-samples.js'
import type { PlanarAudio } from './audio-samples.js'
import { leadOf } from './frames.js'
import type { Frames } from './frames.js'

/** Samples that have come and that frames still need. */
export interface SampleQueue {
  /** Samples of each channel so far. */
  received(): number
  /** The first frame that has not been taken. */
  nextFrame(): number
  /** Takes a copy of more samples; lets go of what no later frame needs. */
  push(audio: PlanarAudio, what: string): Promise<void>
  /** Frames, from the next one on, that lie within what has come. */
  complete(): number
  /** What so many frames, from the next one on, are computed of. */
  take(count: number): {
    /** Planar. */
    readonly samples: Float32Array
    /** Number of the first sample. */
    readonly start: number
    readonly firstFrame: number
  }
}

/** An empty queue for frames of so many channels. */
export function createSampleQueue(frames: Frames, channels: number): SampleQueue {
  const { nFft, hopLength, padding, signal } = frames
  const lead = leadOf(frames)
  let samples: Float32Array = new Float32Array(0)
  let start = 0
  let received = 0
  let nextFrame = 0

  /** What the next frames need: a reflection at the end reaches back as far as a frame's first half, and one sample more. */
  function firstNeeded(): number {
    const needed = Math.min(nextFrame * hopLength - lead, received - lead - 1)
    return Math.min(Math.max(needed, start), received)
  }

  return {
    received: () => received,
    nextFrame: () => nextFrame,
    async push(audio, what) {
      const from = firstNeeded()
      const kept = received - from
      const joined = await copyAudio(audio, what, signal, kept)
      for (let channel = 0; channel < channels; channel++) {
        const end = (channel + 1) * (received - start)
        joined.set(samples.subarray(end - kept, end), channel * (kept + audio.frames))
      }
      samples = joined
      start = from
      received += audio.frames
    },
    complete() {
      // The first frames may be reflected at the beginning, and the signal may yet turn out longer than it is so far.
      if (padding === 'reflect' && received <= lead) return 0
      const complete = Math.floor((received + lead - nFft) / hopLength) + 1
      return Math.max(0, complete - nextFrame)
    },
    take(count) {
      const firstFrame = nextFrame
      nextFrame += count
      return { samples, start, firstFrame }
    },
  }
}
