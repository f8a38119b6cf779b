import type { Word } from '@audiodecode/core'

import { SAMPLE_RATE } from '../audio-samples.js'
import type { Ears, HeardWord, Listened } from './heard-word.js'
import { LiveTranscript } from './live-transcript.js'
import type { Decision } from './live-transcript.js'
import { SampleBuffer } from './sample-buffer.js'
import { VOICE_WINDOW, VoiceTracker } from './voice-tracker.js'
import type { VoiceOptions } from './voice-tracker.js'

/** What is known of live audio at some moment. */
export interface StreamedWords {
  /**
   * True: these words are decided; they come behind the final ones before, and take the place of the partial ones. False: all
   * that is heard so far behind the final ones, which the next result replaces.
   */
  readonly final: boolean
  /** The words put together. */
  readonly text: string
  /** Times in seconds of the stream; no word begins before the one before it ends. */
  readonly words: readonly Word[]
}

/** How a stream is heard. */
export interface StreamSettings {
  readonly ears: Ears
  /** Null: everything is taken for speech. */
  readonly voice: VoiceOptions | null
  /** Undefined: detected in each utterance until one is decided; with `multilingual` in each. */
  readonly language: string | undefined
  readonly multilingual: boolean
  readonly conditionOnPreviousText: boolean
  readonly promptResetOnTemperature: number
}

/** New audio for the next hypothesis, in samples; more when there was no time for it. */
export const STEP: number = SAMPLE_RATE / 2
/** Audio before and behind speech that belongs to it. */
const PADDING = 0.4 * SAMPLE_RATE
/** Audio that the voice detector hears again to get going. */
const WARM_UP = 48 * VOICE_WINDOW
/** From so much audio on, the language that was detected is kept for the utterance. */
const SURE_LENGTH = 3 * SAMPLE_RATE
/** What a word may take, and the speech behind it that must not be passed over, in samples. */
const LONG_WORD = 0.8 * SAMPLE_RATE
const MOST_SKIPPED = 0.8 * SAMPLE_RATE
/** A word that begins so long behind the end of the speech was made up. */
const BEHIND_SPEECH = 0.3 * SAMPLE_RATE

/**
 * Words of live audio that comes bit by bit. Each utterance is heard again and again as it grows, encoded alone; words are
 * decided as hypotheses agree, and all of them when a silence ends it.
 */
export class WordStream {
  readonly #settings: StreamSettings
  readonly #buffer = new SampleBuffer()
  readonly #transcript: LiveTranscript
  readonly #voice: VoiceTracker | null
  /** Windows before this place went to the voice detector. */
  #voiced = 0
  /** Audio before this place is understood. */
  #done = 0
  /** End of the audio of the hypothesis before. */
  #listened = 0
  #language: string | undefined
  /** Language that the last final words were heard in. */
  #spoken: string | undefined
  #hasPartial = false

  constructor(settings: StreamSettings) {
    this.#settings = settings
    this.#language = settings.language
    this.#spoken = settings.language
    this.#transcript = new LiveTranscript(settings.conditionOnPreviousText)
    this.#voice = settings.voice === null ? null : new VoiceTracker(settings.voice)
  }

  /** Seconds that came. */
  get seconds(): number {
    return this.#buffer.end / SAMPLE_RATE
  }

  /** Takes the next samples, some seconds of them at most. */
  async *hear(samples: Float32Array): AsyncGenerator<StreamedWords> {
    this.#buffer.push(samples)
    for (const [start, end] of await this.#endedUtterances()) yield* this.#finish(start, end)
    const start = this.#openStart()
    if (start === null) {
      this.#buffer.dropBefore(this.#buffer.end - WARM_UP)
      return
    }
    const { end } = this.#buffer
    if (end - Math.max(start, this.#listened) < STEP || this.#isSettled()) return
    yield* this.#listen(start, end, false)
    const from = Math.max(start, this.#done)
    const cut = this.#transcript.cut(from / SAMPLE_RATE, end / SAMPLE_RATE)
    this.#done = Math.max(from, Math.round(cut * SAMPLE_RATE))
    this.#buffer.dropBefore(Math.min(this.#done, end - WARM_UP))
  }

  /** The audio has ended. */
  async *end(): AsyncGenerator<StreamedWords> {
    const start = this.#openStart()
    if (start !== null && this.#buffer.end > start) yield* this.#finish(start, this.#buffer.end)
  }

  /** Where the audio begins that is to be heard; null when nobody speaks. */
  #openStart(): number | null {
    if (this.#voice === null) return this.#done
    const { start } = this.#voice
    return start === null ? null : this.#startOf(start)
  }

  #startOf(speech: number): number {
    return Math.max(this.#done, this.#buffer.start, speech - PADDING)
  }

  /** Whether all is decided that was said before the silence at hand. */
  #isSettled(): boolean {
    if (this.#voice === null || this.#hasPartial) return false
    return this.#transcript.confirmed.length > 0 && this.#voice.end + PADDING <= this.#listened
  }

  /** Looks for the voice in what came. */
  async #endedUtterances(): Promise<readonly (readonly [start: number, end: number])[]> {
    const voice = this.#voice
    if (voice === null) return []
    const from = Math.max(this.#voiced - WARM_UP, this.#buffer.start)
    const first = Math.ceil(from / VOICE_WINDOW) * VOICE_WINDOW
    const windows = Math.floor((this.#buffer.end - first) / VOICE_WINDOW)
    const samples = this.#buffer.slice(first, first + windows * VOICE_WINDOW)
    const probabilities = await this.#settings.ears.voice(samples)
    const ended: (readonly [number, number])[] = []
    for (let window = 0; window < windows; window++) {
      const at = first + window * VOICE_WINDOW
      if (at < this.#voiced) continue
      this.#voiced = at + VOICE_WINDOW
      const { start } = voice
      if (!voice.hear(probabilities[window] ?? 0, at) || start === null) continue
      ended.push([this.#startOf(start), Math.min(at + VOICE_WINDOW, voice.end + PADDING)])
      this.#done = Math.floor(voice.end + PADDING)
    }
    return ended
  }

  async *#finish(start: number, end: number): AsyncGenerator<StreamedWords> {
    if (!this.#isSettled()) yield* this.#listen(start, end, true)
    this.#transcript.finish()
    this.#done = Math.max(this.#done, Math.floor(end))
    this.#language = this.#settings.multilingual ? this.#settings.language : this.#spoken
  }

  async *#listen(start: number, end: number, isLast: boolean): AsyncGenerator<StreamedWords> {
    this.#listened = end
    let from = start
    let heard = await this.#hypothesis(start, end, isLast)
    if (this.#skipsSpeech(heard, start, isLast ? end : null)) {
      // A phrase that is said twice makes it go on behind the second; without what was said it cannot.
      const decided = this.#transcript.confirmed.at(-1)
      from = Math.max(start, Math.round((decided?.end ?? 0) * SAMPLE_RATE))
      this.#transcript.finish()
      this.#transcript.forget()
      this.#done = from
      heard = await this.#hypothesis(from, end, isLast)
    }
    if (heard.words !== null && this.#transcript.echoes(heard.words)) {
      // Most likely copied from its prompt; who says something twice is heard without it, too.
      this.#transcript.forget()
      heard = await this.#hypothesis(from, end, isLast)
    }
    // What came of a hypothesis that went wrong is not worth telling; the next one is near.
    if (heard.words === null && !isLast) return
    const decision = this.#decide(heard, from, end, isLast)
    if (decision.final.length > 0) this.#learn(heard, end - from)
    if (decision.final.length > 0) yield result(true, decision.final)
    // An empty one takes back what was only heard once.
    const hadPartial = this.#hasPartial && decision.final.length === 0
    this.#hasPartial = decision.partial.length > 0
    if (this.#hasPartial || hadPartial) yield result(false, decision.partial)
  }

  #hypothesis(start: number, end: number, isLast: boolean): Promise<Listened> {
    return this.#settings.ears.listen(this.#buffer.slice(start, end), {
      said: this.#transcript.said,
      confirmed: this.#transcript.confirmed.map(({ tokens, stamps }) => ({
        tokens,
        stamps: stamps.map((stamp) => stamp - start / SAMPLE_RATE),
      })),
      language: this.#language,
      isLast,
    })
  }

  /** Whether a word that is not decided, or the `last` place of all, comes only after a good deal of speech. */
  #skipsSpeech({ words }: Listened, start: number, last: number | null): boolean {
    const voice = this.#voice
    const decided = this.#transcript.confirmed.length
    if (voice === null || words === null) return false
    const places = words
      .slice(Math.max(0, decided - 1))
      .map((word) => start + word.start * SAMPLE_RATE)
    if (last !== null) places.push(last)
    return places.some((place, index) => {
      const before = places[index - 1]
      return before !== undefined && voice.spokenBetween(before + LONG_WORD, place) > MOST_SKIPPED
    })
  }

  #decide({ words }: Listened, start: number, end: number, isLast: boolean): Decision {
    const times = { start: start / SAMPLE_RATE, end: end / SAMPLE_RATE, isLast }
    const placed = (words ?? []).map((word) => ({
      ...word,
      start: times.start + word.start,
      end: times.start + word.end,
      stamps: word.stamps.map((stamp) => times.start + stamp),
    }))
    return this.#transcript.hear(isLast ? this.#said(placed) : placed, times)
  }

  /** Without the words that begin where nobody speaks any more. */
  #said(words: readonly HeardWord[]): readonly HeardWord[] {
    if (this.#voice === null) return words
    const latest = (this.#voice.end + BEHIND_SPEECH) / SAMPLE_RATE
    return words.filter(({ start }) => start <= latest)
  }

  #learn({ language, temperature }: Listened, length: number): void {
    this.#spoken = language
    if (length >= SURE_LENGTH) this.#language = language
    if (temperature > this.#settings.promptResetOnTemperature) this.#transcript.forget()
  }
}

function result(final: boolean, words: readonly HeardWord[]): StreamedWords {
  const plain = words.map(({ word, start, end, probability }) => ({
    start: rounded(start),
    end: rounded(end),
    word,
    probability,
  }))
  return { final, text: plain.map(({ word }) => word).join(''), words: plain }
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(2))
}
