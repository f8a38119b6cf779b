/** A stretch of audio, in samples. */
export interface SampleSpan {
  readonly start: number
  /** The sample after the last. */
  readonly end: number
}

/** Speech that is decoded in one go. */
export interface ChunkSpans {
  /** Where it begins in all speech put together, in seconds. */
  readonly offset: number
  /** In seconds. */
  readonly duration: number
  /** What it is put together from. */
  readonly speech: readonly SampleSpan[]
}

/** How speech is put together. */
export interface ChunkOptions {
  /** In seconds; default: no limit. */
  readonly maxDurationS?: number
  /** In Hz; default 16,000. */
  readonly sampleRate?: number
}

/**
 * Puts stretches of speech together into chunks of `maxDurationS` at most (faster-whisper's `collect_chunks`); a longer stretch
 * has a chunk of its own. No speech gives no chunk, where faster-whisper gives an empty one.
 */
export class ChunkCollector {
  readonly #most: number
  readonly #sampleRate: number
  #pending: SampleSpan[] = []
  #length = 0
  #before = 0

  constructor({ maxDurationS = Infinity, sampleRate = 16_000 }: ChunkOptions = {}) {
    this.#most = maxDurationS * sampleRate
    this.#sampleRate = sampleRate
  }

  /** Where the chunk at hand begins; undefined while there is none. */
  get openStart(): number | undefined {
    return this.#pending[0]?.start
  }

  /** Takes the next stretch; gives the chunk that it has no place in any more. */
  push(span: SampleSpan): readonly ChunkSpans[] {
    const size = span.end - span.start
    const full = this.#length + size > this.#most ? this.finish() : []
    this.#pending.push(span)
    this.#length += size
    return full
  }

  /** The chunk at hand. */
  finish(): readonly ChunkSpans[] {
    if (this.#pending.length === 0) return []
    const chunk = {
      offset: this.#before / this.#sampleRate,
      duration: this.#length / this.#sampleRate,
      speech: this.#pending,
    }
    this.#before += this.#length
    this.#pending = []
    this.#length = 0
    return [chunk]
  }
}
