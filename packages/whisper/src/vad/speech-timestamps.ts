import type { SampleSpan } from '../transcribe/collect-chunks.js'
import { SpeechPadder } from './pad-speech.js'
import type { VadOptions } from './vad-options.js'
import { WINDOW_SAMPLES } from './vad-windows.js'

/** Samples in a millisecond, and in a second. */
const PER_MS = 16
const PER_SECOND = 16_000
/** Silence at which speech that grows too long may be cut. */
const CUT_SILENCE_MS = 98

/**
 * Where speech is, from the probabilities of windows (faster-whisper's `get_speech_timestamps`): it begins at `threshold`, ends
 * after a silence below `negThreshold`, and is padded on both sides.
 */
export function speechTimestamps(
  probabilities: Float32Array,
  sampleCount: number,
  options: VadOptions,
): readonly SampleSpan[] {
  const finder = new SpeechFinder(options)
  return [...finder.hear(probabilities), ...finder.finish(sampleCount)]
}

/** As `speechTimestamps`, for windows that come one after the other: stretches are told once they are decided. */
export class SpeechFinder {
  readonly #tracker: SpeechTracker
  readonly #padder: SpeechPadder
  #windows = 0

  constructor(options: VadOptions) {
    this.#tracker = new SpeechTracker(options)
    this.#padder = new SpeechPadder(options.speechPadMs * PER_MS)
  }

  /** Takes the probabilities of the next windows. */
  hear(probabilities: Float32Array): readonly SampleSpan[] {
    for (const probability of probabilities) {
      this.#tracker.hear(probability, this.#windows * WINDOW_SAMPLES)
      this.#windows += 1
    }
    return this.#pad()
  }

  /** The audio has ended. */
  finish(sampleCount: number): readonly SampleSpan[] {
    this.#tracker.finish(sampleCount)
    return [...this.#pad(), ...this.#padder.finish(sampleCount)]
  }

  /** Before this sample nothing is needed any more. */
  get settled(): number {
    return this.#padder.openStart ?? Math.max(0, this.#tracker.openStart - this.#padder.padding)
  }

  #pad(): readonly SampleSpan[] {
    return this.#tracker.take().flatMap((span) => this.#padder.push(span))
  }
}

/** Goes from window to window. Its marks are samples, 0 where there is none. */
class SpeechTracker {
  readonly #options: VadOptions
  readonly #longest: number
  #speech: SampleSpan[] = []
  #triggered = false
  /** Where the speech at hand began. */
  #start: number | undefined
  /** Where the windows heard so far end. */
  #heard = 0
  /** Where the silence at hand began. */
  #silenceStart = 0
  /** Where a silence long enough to cut began, and where speech went on after it. */
  #cutEnd = 0
  #cutStart = 0

  constructor(options: VadOptions) {
    this.#options = options
    const padding = 2 * options.speechPadMs * PER_MS
    this.#longest = PER_SECOND * options.maxSpeechDurationS - WINDOW_SAMPLES - padding
  }

  hear(probability: number, at: number): void {
    this.#heard = at + WINDOW_SAMPLES
    const isSpeech = probability >= this.#options.threshold
    if (isSpeech && this.#silenceStart > 0) {
      this.#silenceStart = 0
      if (this.#cutStart < this.#cutEnd) this.#cutStart = at
    }
    if (isSpeech && !this.#triggered) {
      this.#triggered = true
      this.#start = at
      return
    }
    if (this.#triggered && at - (this.#start ?? 0) > this.#longest && this.#cut(at)) return
    if (this.#triggered && probability < this.#options.negThreshold) this.#hearSilence(at)
  }

  finish(sampleCount: number): void {
    if (this.#start !== undefined) this.#add(this.#start, sampleCount)
  }

  /** The stretches that were found since it was asked last. */
  take(): readonly SampleSpan[] {
    const speech = this.#speech
    this.#speech = []
    return speech
  }

  /** Where the speech at hand began, or what was heard ends. */
  get openStart(): number {
    return this.#start ?? this.#heard
  }

  /** Ends speech that is too long, at its last silence if it had one; whether there is nothing more to do in this window. */
  #cut(at: number): boolean {
    const end = this.#cutEnd
    this.#speech.push({ start: this.#start ?? 0, end: end > 0 ? end : at })
    const goesOn = end > 0 && this.#cutStart >= end
    this.#start = goesOn ? this.#cutStart : undefined
    this.#triggered = goesOn
    this.#forgetSilence()
    return end === 0
  }

  #hearSilence(at: number): void {
    if (this.#silenceStart === 0) this.#silenceStart = at
    const silence = at - this.#silenceStart
    if (silence > CUT_SILENCE_MS * PER_MS) this.#cutEnd = this.#silenceStart
    if (silence < this.#options.minSilenceDurationMs * PER_MS) return
    this.#add(this.#start ?? 0, this.#silenceStart)
    this.#start = undefined
    this.#triggered = false
    this.#forgetSilence()
  }

  #add(start: number, end: number): void {
    if (end - start > this.#options.minSpeechDurationMs * PER_MS) this.#speech.push({ start, end })
  }

  #forgetSilence(): void {
    this.#silenceStart = 0
    this.#cutEnd = 0
    this.#cutStart = 0
  }
}
