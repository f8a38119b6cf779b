import { WINDOW_FRAMES } from '../engine/speech-model.js'

/** A log-mel spectrogram, `[mels, frames]`, one frame for every 10 ms. */
export interface Mel {
  readonly data: Float32Array
  readonly mels: number
  readonly frames: number
}

/** Frames from `start` on, filled up with zeros to `frames`, a window of 30 s, as faster-whisper's `pad_or_trim` does. */
export function cutWindow(
  mel: Mel,
  start: number,
  count: number,
  frames: number = WINDOW_FRAMES,
): Float32Array {
  const window = new Float32Array(mel.mels * frames)
  for (let row = 0; row < mel.mels; row++) {
    const from = row * mel.frames + start
    window.set(mel.data.subarray(from, from + count), row * frames)
  }
  return window
}
