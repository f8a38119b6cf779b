import { whisperLogMel } from '@audiodecode/features'

import { SAMPLE_RATE } from '../audio-samples.js'
import { WINDOW_FRAMES } from '../engine/speech-model.js'

/** Samples from one frame to the next. */
export const HOP = 160

/** A log-mel spectrogram, `[mels, frames]`, one frame for every 10 ms. */
export interface Mel {
  readonly data: Float32Array
  readonly mels: number
  readonly frames: number
}

/** A spectrogram that is asked for window by window. */
export interface MelWindows {
  readonly frames: number
  /** `count` frames from `start` on, filled up with zeros to `windowFrames`, as faster-whisper's `pad_or_trim` does. */
  window(
    start: number,
    count: number,
    windowFrames: number,
    signal: AbortSignal,
  ): Promise<Float32Array>
}

/** The spectrogram of 16 kHz samples, as faster-whisper's feature extractor gives it. */
export async function logMel(
  samples: Float32Array,
  mels: number,
  signal: AbortSignal,
): Promise<Mel> {
  const found = await whisperLogMel(
    { samples, sampleRate: SAMPLE_RATE },
    { nMels: mels === 128 ? 128 : 80, signal },
  )
  return { data: found.data, mels: found.shape[0], frames: found.shape[1] }
}

/** Frames from `start` on, filled up with zeros to `frames`, a window of 30 s, as faster-whisper's `pad_or_trim` does. */
export function cutWindow(
  mel: Mel,
  start: number,
  count: number,
  frames: number = WINDOW_FRAMES,
): Float32Array {
  const window = new Float32Array(mel.mels * frames)
  copyFrames(mel, start, count, { window, frames, at: 0 })
  return window
}

/** A spectrogram that is there, window by window. */
export function melWindows(mel: Mel): MelWindows {
  return {
    frames: mel.frames,
    window: (start, count, frames) => Promise.resolve(cutWindow(mel, start, count, frames)),
  }
}

/** Copies frames to a place in a window of so many frames. */
export function copyFrames(
  mel: Mel,
  start: number,
  count: number,
  { window, frames, at }: { window: Float32Array; frames: number; at: number },
): void {
  for (let row = 0; row < mel.mels; row++) {
    const from = row * mel.frames + start
    window.set(mel.data.subarray(from, from + count), row * frames + at)
  }
}
