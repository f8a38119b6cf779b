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
  #hasPartial = false

  constructor(settings: StreamSettings) {
    this.#settings = settings
    this.#language = settings.language
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
    if (end - Math.max(start, this.#listened) < STEP) return
    yield* this.#listen(start, end, false)
    const cut = this.#transcript.cut(start / SAMPLE_RATE, end / SAMPLE_RATE)
    this.#done = Math.max(start, Math.round(cut * SAMPLE_RATE))
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
    yield* this.#listen(start, end, true)
    this.#transcript.finish()
    this.#done = Math.max(this.#done, Math.floor(end))
    this.#language = this.#settings.multilingual ? this.#settings.language : this.#language
  }

  async *#listen(start: number, end: number, isLast: boolean): AsyncGenerator<StreamedWords> {
    this.#listened = end
    const heard = await this.#settings.ears.listen(this.#buffer.slice(start, end), {
      said: this.#transcript.said,
      confirmed: this.#transcript.confirmed.map(({ tokens, stamps }) => ({
        tokens,
        stamps: stamps.map((stamp) => stamp - start / SAMPLE_RATE),
      })),
      language: this.#language,
      isLast,
    })
    // What came of a hypothesis that went wrong is not worth telling; the next one is near.
    if (heard.words === null && !isLast) return
    const decision = this.#decide(heard, start, end, isLast)
    if (isLast && heard.words !== null) this.#learn(heard)
    if (decision.final.length > 0) yield result(true, decision.final)
    // An empty one takes back what was only heard once.
    const hadPartial = this.#hasPartial && decision.final.length === 0
    this.#hasPartial = decision.partial.length > 0
    if (this.#hasPartial || hadPartial) yield result(false, decision.partial)
  }

  #decide({ words }: Listened, start: number, end: number, isLast: boolean): Decision {
    const times = { start: start / SAMPLE_RATE, end: end / SAMPLE_RATE, isLast }
    const placed = (words ?? []).map((word) => ({
      ...word,
      start: times.start + word.start,
      end: times.start + word.end,
      stamps: word.stamps.map((stamp) => times.start + stamp),
    }))
    return this.#transcript.hear(isLast ? this.#spoken(placed) : placed, times)
  }

  /** Without the words that begin where nobody speaks any more. */
  #spoken(words: readonly HeardWord[]): readonly HeardWord[] {
    if (this.#voice === null) return words
    const latest = (this.#voice.end + BEHIND_SPEECH) / SAMPLE_RATE
    return words.filter(({ start }) => start <= latest)
  }

  #learn({ language, temperature }: Listened): void {
    this.#language = language
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
