import type { AudioData, Samples } from '@audiodecode/core'
import { createNativeCalls } from '@audiodecode/native-bridge'
import type { NativeCancelToken } from '@audiodecode/native-bridge'

import { checkAudio, copyAudio, giveBack, isShared } from './audio-samples.js'
import type { PlanarAudio } from './audio-samples.js'
import { countFrames } from './frames.js'
import type { Frames } from './frames.js'
import { loadBinding } from './load-binding.js'
import type { FeaturesBinding, NativeFrames } from './load-binding.js'

/** What the addon needs for one computation. */
export interface NativeWork {
  readonly binding: FeaturesBinding
  readonly samples: Float32Array
  readonly frames: NativeFrames
  readonly token: NativeCancelToken
}

/** Whole audio that has been checked, and how it is cut. */
export interface Whole {
  readonly audio: PlanarAudio
  readonly frames: Frames
  /** Frames of each channel. */
  readonly columns: number
}

/** Checks audio together with the options for it. Throws TypeError or RangeError. */
export function checkWhole(audio: AudioData | Samples, frames: Frames): Whole {
  const planar = checkAudio(audio)
  if (frames.inPlace && !isShared(planar.data)) {
    throw new TypeError(
      'inPlace needs samples on a SharedArrayBuffer; another buffer could be taken away while they are read',
    )
  }
  return { audio: planar, frames, columns: countFrames(frames, planar.frames) }
}

/** Lets the addon compute something of whole audio. `what` names the function in errors. */
export async function compute<T>(
  { audio, frames, columns }: Whole,
  what: string,
  work: (native: NativeWork) => Promise<T>,
): Promise<T> {
  const { signal, inPlace, ...framing } = frames
  signal?.throwIfAborted()
  const binding = loadBinding()
  const samples = inPlace ? audio.data : await copyAudio(audio, what, signal)
  const native = {
    ...framing,
    channels: audio.channels,
    start: 0,
    length: audio.frames,
    firstFrame: 0,
    frames: columns,
  }
  try {
    return await run(binding, what, signal, async (token) =>
      work({ binding, samples, frames: native, token }),
    )
  } finally {
    // Native code has let go of it, however it ended.
    if (!inPlace) giveBack(samples)
  }
}

/** One call into the addon, ended by the signal. */
export async function run<T>(
  binding: FeaturesBinding,
  what: string,
  signal: AbortSignal | undefined,
  work: (token: NativeCancelToken) => Promise<T>,
): Promise<T> {
  return createNativeCalls(binding, undefined, what).run(signal, work)
}
