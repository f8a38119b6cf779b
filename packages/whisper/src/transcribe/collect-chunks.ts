import { joinSpans } from './join-spans.js'

/** A stretch of audio, in samples. */
export interface SampleSpan {
  readonly start: number
  /** The sample after the last. */
  readonly end: number
}

/** Speech that is decoded in one go. */
export interface SpeechChunk {
  readonly samples: Float32Array
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
export function collectChunks(
  audio: Float32Array,
  speech: readonly SampleSpan[],
  { maxDurationS = Infinity, sampleRate = 16_000 }: ChunkOptions = {},
): readonly SpeechChunk[] {
  const chunks: SpeechChunk[] = []
  let pending: SampleSpan[] = []
  let length = 0
  let before = 0
  const finish = (): void => {
    if (pending.length === 0) return
    chunks.push({
      samples: joinSpans(audio, pending),
      offset: before / sampleRate,
      duration: length / sampleRate,
      speech: pending,
    })
    before += length
    pending = []
    length = 0
  }
  for (const span of speech) {
    if (length + span.end - span.start > maxDurationS * sampleRate) finish()
    pending.push(span)
    length += span.end - span.start
  }
  finish()
  return chunks
}
