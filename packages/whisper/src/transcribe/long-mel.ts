import { copyFrames, HOP, logMel } from './mel.js'
import type { Mel, MelWindows } from './mel.js'

/** Frames of a stretch: ten minutes, 19 MB. */
const STRETCH_FRAMES = 60_000
/** Stretches kept: so much audio, half an hour, is gone through once only. */
const MOST_KEPT = 3
/** Frames before and behind a stretch that share samples with those at its ends. */
const MARGIN = 2
/** faster-whisper's scale: values are (x + 4) ÷ 4 of decades. */
const DECADES = 4
/** Nothing is quieter than so many decades below the loudest. */
const RANGE = 8

/**
 * The spectrogram of audio of any length, window by window, equal to that of all of it at once: the loudest frame of all bounds
 * the quietest values, so each stretch is gone through once for that, and again when a window needs it.
 */
export class LongMel implements MelWindows {
  readonly mels: number
  /** Frames of all of it. */
  readonly frames: number
  readonly #samples: Float32Array
  readonly #stretchFrames: number
  readonly #kept = new Map<number, Mel>()
  #lowest = -Infinity

  private constructor(samples: Float32Array, mels: number, stretchFrames: number) {
    this.#samples = samples
    this.#stretchFrames = stretchFrames
    this.mels = mels
    this.frames = Math.floor(samples.length / HOP) + 1
  }

  /** Goes through all 16 kHz samples, which have to stay as they are. */
  static async of(
    samples: Float32Array,
    mels: number,
    signal: AbortSignal,
    stretchFrames: number = STRETCH_FRAMES,
  ): Promise<LongMel> {
    const mel = new LongMel(samples, mels, stretchFrames)
    let loudest = -Infinity
    for (let first = 0; first < mel.frames; first += stretchFrames) {
      const { data } = await mel.#stretch(first / stretchFrames, signal)
      for (const value of data) if (value > loudest) loudest = value
    }
    mel.#lowest = loudest - RANGE / DECADES
    return mel
  }

  async window(
    start: number,
    count: number,
    windowFrames: number,
    signal: AbortSignal,
  ): Promise<Float32Array> {
    const window = new Float32Array(this.mels * windowFrames)
    const end = Math.min(start + count, this.frames)
    let frame = start
    while (frame < end) {
      const index = Math.floor(frame / this.#stretchFrames)
      const stretch = await this.#stretch(index, signal)
      const from = frame - index * this.#stretchFrames
      const copied = Math.min(end - frame, stretch.frames - from)
      copyFrames(stretch, from, copied, { window, frames: windowFrames, at: frame - start })
      frame += copied
    }
    // Each stretch was bounded by its own loudest frame, which is lower.
    for (let row = 0; row < this.mels; row++) {
      const first = row * windowFrames
      for (let at = first; at < first + end - start; at++) {
        if ((window[at] ?? 0) < this.#lowest) window[at] = this.#lowest
      }
    }
    return window
  }

  async #stretch(index: number, signal: AbortSignal): Promise<Mel> {
    const known = this.#kept.get(index)
    if (known !== undefined) return known
    const first = index * this.#stretchFrames
    const count = Math.min(this.#stretchFrames, this.frames - first)
    const before = Math.min(first, MARGIN)
    const end = first + count >= this.frames ? this.#samples.length : (first + count + MARGIN) * HOP
    const samples = this.#samples.subarray((first - before) * HOP, end)
    const whole = await logMel(samples, this.mels, signal)
    const mel = whole.frames === count ? whole : cutStretch(whole, before, count)
    if (this.#kept.size >= MOST_KEPT) {
      const [oldest] = this.#kept.keys()
      if (oldest !== undefined) this.#kept.delete(oldest)
    }
    this.#kept.set(index, mel)
    return mel
  }
}

function cutStretch({ data, mels, frames }: Mel, first: number, count: number): Mel {
  const cut = new Float32Array(mels * count)
  for (let row = 0; row < mels; row++) {
    const from = row * frames + first
    cut.set(data.subarray(from, from + count), row * count)
  }
  return { data: cut, mels, frames: count }
}
