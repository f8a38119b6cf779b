import type { Segment } from '@audiodecode/core'

import { roundTo } from '../python/round-half-even.js'
import { addWordTimestamps } from '../words/add-word-timestamps.js'
import type { ChunkSpans, SampleSpan } from './collect-chunks.js'
import type { HeardChunk } from './heard-chunk.js'
import type { ResolvedOptions } from './options.js'
import { createTimeMap, restoreTimes } from './restore-times.js'

/** Chunks in the order of time, whatever order they were decoded in. */
export class ChunkOrder {
  readonly #options: ResolvedOptions
  readonly #eot: number
  /** Null when chunks lie where they lay in the audio. */
  readonly #speech: SampleSpan[] | null
  readonly #heard = new Map<number, HeardChunk>()
  /** Seconds of all chunks that are known. */
  #plannedSeconds = 0
  #isPlanned = false
  #next = 0
  #id = 0
  #lastSpeechTimestamp = 0

  constructor(options: ResolvedOptions, eot: number, isCut: boolean) {
    this.#options = options
    this.#eot = eot
    this.#speech = isCut ? [] : null
  }

  /** Index of the chunk that comes next. */
  get next(): number {
    return this.#next
  }

  /** Notes what a chunk is put together from. */
  plan({ speech, offset, duration }: ChunkSpans): void {
    this.#plannedSeconds = offset + duration
    this.#speech?.push(...speech)
  }

  /** No more chunks come. Gives segments that waited for this. */
  planned(): readonly Segment[] {
    this.#isPlanned = true
    return this.#take()
  }

  /** Takes a chunk; gives the segments that are next. */
  add(chunk: HeardChunk): readonly Segment[] {
    this.#heard.set(chunk.index, chunk)
    return this.#take()
  }

  #take(): readonly Segment[] {
    const segments: Segment[] = []
    for (let chunk = this.#heard.get(this.#next); chunk; chunk = this.#heard.get(this.#next)) {
      // A time may lie in a chunk that is not known yet, where the model went beyond the end of its own.
      const latest = Math.max(0, ...chunk.segments.map(({ end }) => end))
      if (latest >= this.#plannedSeconds && !this.#isPlanned && this.#speech !== null) break
      this.#heard.delete(this.#next)
      this.#next += 1
      segments.push(...this.#finish(chunk))
    }
    return segments
  }

  #finish({ segments, words, ...quality }: HeardChunk): readonly Segment[] {
    const { prependPunctuations, appendPunctuations, wordTimestamps } = this.#options
    const { avgLogprob, noSpeechProb, temperature } = quality
    const { segments: timed, lastSpeechTimestamp } = addWordTimestamps(segments, words ?? [], {
      prependPunctuations,
      appendPunctuations,
      lastSpeechTimestamp: this.#lastSpeechTimestamp,
      eot: this.#eot,
    })
    if (words !== null) this.#lastSpeechTimestamp = lastSpeechTimestamp
    const map = this.#speech === null ? null : createTimeMap(this.#speech)
    return segments.map(({ tokens, text, seek, compressionRatio, ...times }, index) => {
      const fitted = timed[index]
      const { start, end } = wordTimestamps && fitted !== undefined ? fitted : times
      const segment: Segment = {
        id: this.#id++,
        start: roundTo(start, 3),
        end: roundTo(end, 3),
        text,
        tokens,
        seek: seek / 100,
        avgLogprob,
        compressionRatio,
        noSpeechProb,
        temperature,
        ...(wordTimestamps ? { words: fitted?.words ?? [] } : {}),
      }
      return map === null ? segment : restoreTimes(segment, map)
    })
  }
}
