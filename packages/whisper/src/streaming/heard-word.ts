import type { Word } from '@audiodecode/core'

/** A word of a hypothesis, with what it takes to begin the next one with it. Times in seconds of the samples given. */
export interface HeardWord extends Word {
  readonly tokens: readonly number[]
  /** Timestamps between this word and the next: where a segment ends and another begins. */
  readonly stamps: readonly number[]
}

/** What is to be heard in samples that are not yet understood to the end. */
export interface ListenRequest {
  /** Tokens of what was said before. */
  readonly said: readonly number[]
  /** Words at the beginning that are decided already. */
  readonly confirmed: readonly Pick<HeardWord, 'tokens' | 'stamps'>[]
  /** Undefined: to be detected. */
  readonly language: string | undefined
  /** Whether nothing follows, so that a bad hypothesis deserves more tries. */
  readonly isLast: boolean
}

/** A hypothesis. */
export interface Listened {
  /** All words, the confirmed ones first; null when nothing could be made of it. */
  readonly words: readonly HeardWord[] | null
  readonly language: string
  /** Temperature that it was decoded at. */
  readonly temperature: number
}

/** What a stream hears with. */
export interface Ears {
  /** Probability of speech, 0 to 1, in each 512 samples. */
  voice(samples: Float32Array): Promise<Float32Array>
  /** 16 kHz, 30 s at most. */
  listen(samples: Float32Array, request: ListenRequest): Promise<Listened>
}
