import { agreedWords } from './agreement.js'
import type { HeardWord } from './heard-word.js'
import { sharesRun } from './shares-run.js'

/** A word is decided without a word after it when the audio goes on so long behind it, in seconds. */
const REST_BEHIND = 0.4
/** A word that is less likely than this waits until so much audio is behind it, in seconds: what comes may make it another. */
const SURE = 0.7
const DOUBT_BEHIND = 3
/** Audio longer than this is cut where a segment ends that is decided, in seconds. */
const CUT_AT_SEGMENT = 6
/** Longer than this it is cut between decided words. */
const CUT_AT_WORD = 12
/** Longer than this, what is likely is decided though hypotheses do not agree. */
const DECIDE = 18
/** Longer than this, audio that nothing was made of is given up. */
const GIVE_UP = 26
/** Decided words that stay in the audio, so that the cut does not fall into what comes next. */
const KEPT_WORDS = 3
/** Words at the end of a hypothesis that are not decided by force. */
const OPEN_WORDS = 2
/** Tokens of the text before that are remembered: more cost time in each step and gain nothing. */
const REMEMBERED_TOKENS = 96

/** So many tokens in a row are not said twice by chance. */
const ECHO_TOKENS = 5

/** What one hypothesis changes. Times in seconds of the stream. */
export interface Decision {
  readonly final: readonly HeardWord[]
  /** All words behind the final ones. */
  readonly partial: readonly HeardWord[]
}

/**
 * What is decided of the hypotheses about audio that grows at its end: the words that two in a row begin with. What is decided
 * never changes, since each hypothesis begins with it. Times of all words are seconds of the stream.
 */
export class LiveTranscript {
  readonly #remembers: boolean
  #said: number[] = []
  #confirmed: HeardWord[] = []
  #previous: readonly string[] = []
  #lastEnd = 0
  /** Where the first word begins that is not decided. */
  #openStart = Infinity

  /** Without `remembers`, what was said is no help for what comes. */
  constructor(remembers = true) {
    this.#remembers = remembers
  }

  /** Tokens before the audio. */
  get said(): readonly number[] {
    return this.#said
  }

  /** Decided words within the audio. */
  get confirmed(): readonly HeardWord[] {
    return this.#confirmed
  }

  /** Takes a hypothesis about the audio from `start` to `end`. With `isLast` all of it is decided. */
  hear(
    words: readonly HeardWord[],
    { start, end, isLast }: { start: number; end: number; isLast: boolean },
  ): Decision {
    const fresh = this.#inOrder(this.#behindConfirmed(words))
    const texts = fresh.map(({ word }) => word)
    let count = isLast ? fresh.length : agreedWords(this.#previous, texts)
    const last = fresh[count - 1]
    if (!isLast && count === fresh.length && last !== undefined && last.end > end - REST_BEHIND) {
      count -= 1
    }
    if (!isLast) count = Math.min(count, this.#sureWords(fresh, end))
    if (end - start > DECIDE) count = Math.max(count, fresh.length - OPEN_WORDS)
    const final = fresh.slice(0, count)
    this.#confirmed.push(...final)
    this.#previous = texts.slice(count)
    this.#lastEnd = final.at(-1)?.end ?? this.#lastEnd
    const partial = fresh.slice(count)
    this.#openStart = partial[0]?.start ?? Infinity
    return { final, partial }
  }

  /** Whether these words, behind the decided ones, say so much of the text before again that the model may have copied it. */
  echoes(words: readonly HeardWord[]): boolean {
    const fresh = this.#behindConfirmed(words).flatMap(({ tokens }) => tokens)
    return sharesRun(fresh, this.#said, ECHO_TOKENS)
  }

  /** Where the audio from `start` to `end` may be cut now; what is before is done with. `start` when it may not. */
  cut(start: number, end: number): number {
    const place = this.#goodPlace(start, end)
    // A place near the beginning may be found again and again, and the audio grow all the same.
    if (place !== null && end - place.at <= GIVE_UP) return this.#leave(place.words, place.at)
    if (end - start > GIVE_UP) return this.#leave(this.#confirmed.length, end - CUT_AT_SEGMENT)
    return start
  }

  /** The audio is done with. */
  finish(): void {
    this.#openStart = Infinity
    this.#leave(this.#confirmed.length, 0)
    this.#previous = []
  }

  /** What was said is no help for what comes. */
  forget(): void {
    this.#said = []
  }

  /** Words before the first one that more audio may still make another. */
  #sureWords(words: readonly HeardWord[], end: number): number {
    const doubtful = words.findIndex(
      (word) => word.probability < SURE && word.end > end - DOUBT_BEHIND,
    )
    return doubtful < 0 ? words.length : doubtful
  }

  /** Where a cut hurts least, and how many words are before it; null when there is none, or the audio is short. */
  #goodPlace(start: number, end: number): { readonly words: number; readonly at: number } | null {
    const length = end - start
    if (length > CUT_AT_SEGMENT) {
      const words = this.#confirmed.findLastIndex(({ stamps }) => stamps.length > 1) + 1
      const stamp = this.#confirmed[words - 1]?.stamps[0] ?? end
      // The stamp may be late; what is not decided has to stay.
      const at = Math.min(stamp, this.#confirmed[words]?.start ?? this.#openStart)
      if (at > start && at < end) return { words, at }
    }
    if (length > CUT_AT_WORD) {
      const words = this.#confirmed.length - KEPT_WORDS
      const at = this.#confirmed[words]?.start
      if (at !== undefined && at > start) return { words, at }
    }
    return null
  }

  #leave(words: number, at: number): number {
    const left = this.#confirmed.splice(0, words)
    if (!this.#remembers) return at
    const said = [...this.#said, ...left.flatMap(({ tokens }) => tokens)]
    this.#said = said.slice(-REMEMBERED_TOKENS)
    return at
  }

  /** The hypothesis begins with the tokens that are decided; a word may have grown by one that is not. */
  #behindConfirmed(words: readonly HeardWord[]): HeardWord[] {
    let decided = this.#confirmed.reduce((sum, { tokens }) => sum + tokens.length, 0)
    let text = this.#confirmed.map(({ word }) => word).join('')
    const fresh: HeardWord[] = []
    for (const word of words) {
      if (decided === 0) {
        fresh.push(word)
        continue
      }
      const own = Math.min(decided, word.tokens.length)
      decided -= own
      if (own < word.tokens.length) {
        const rest = word.word.startsWith(text) ? word.word.slice(text.length) : word.word
        fresh.push({ ...word, word: rest, tokens: word.tokens.slice(own) })
      }
      text = text.startsWith(word.word) ? text.slice(word.word.length) : ''
    }
    return fresh
  }

  /** No word begins before the one before it ends. */
  #inOrder(words: readonly HeardWord[]): HeardWord[] {
    let least = this.#lastEnd
    return words.map((word) => {
      const start = Math.max(word.start, least)
      const end = Math.max(word.end, start)
      least = end
      return { ...word, start, end }
    })
  }
}
