/** Samples of a window of the voice detector. */
export const VOICE_WINDOW = 512

/** Windows that are remembered: more than half a minute. */
const MOST_WINDOWS = 1000

/** When speech begins and ends. */
export interface VoiceOptions {
  /** Probability from which speech begins. */
  readonly threshold: number
  /** Probability below which it ends. */
  readonly negThreshold: number
  /** Silence that ends an utterance, in samples. */
  readonly minSilence: number
}

/** Follows the voice from window to window: whether someone speaks, since when, until when. Samples of the stream. */
export class VoiceTracker {
  readonly #options: VoiceOptions
  #isSpeaking = false
  /** Where the utterance began; null between utterances. */
  #start: number | null = null
  /** Where the last window of speech ended. */
  #end = 0
  /** Where the last windows of speech began. */
  #spoken: number[] = []

  constructor(options: VoiceOptions) {
    this.#options = options
  }

  /** Where the utterance at hand began; null when there is none. */
  get start(): number | null {
    return this.#start
  }

  /** Where its speech ended last. */
  get end(): number {
    return this.#end
  }

  /** Samples of speech between two places of the last half minute. */
  spokenBetween(from: number, to: number): number {
    return VOICE_WINDOW * this.#spoken.filter((at) => at >= from && at < to).length
  }

  /** Takes the window that begins at `at`; true when the utterance ends with it. */
  hear(probability: number, at: number): boolean {
    const { threshold, negThreshold, minSilence } = this.#options
    this.#isSpeaking = probability >= (this.#isSpeaking ? negThreshold : threshold)
    if (this.#isSpeaking) {
      this.#start ??= at
      this.#end = at + VOICE_WINDOW
      this.#spoken.push(at)
      if (this.#spoken.length > 2 * MOST_WINDOWS) this.#spoken = this.#spoken.slice(-MOST_WINDOWS)
      return false
    }
    if (this.#start === null || at + VOICE_WINDOW - this.#end < minSilence) return false
    this.#start = null
    return true
  }
}
