import type { Segment, TranscriptionResult } from '@audiodecode/core'

import { roundHalfEven } from '../python/round-half-even.js'

/** Frames in a second. */
const FRAMES_PER_SECOND = 100

/**
 * JSON with the names that OpenAI's writer has (`avg_logprob`, `no_speech_prob`; `seek` in frames of 10 ms), for tools that read
 * it; besides, `language_probability`, `duration` and, where channels are apart, `channel`.
 */
export function toJson(result: TranscriptionResult): string {
  return JSON.stringify({
    text: result.text,
    segments: result.segments.map((segment) => describe(segment)),
    language: result.language,
    language_probability: result.languageProbability,
    duration: result.durationSeconds,
  })
}

function describe(segment: Segment): object {
  return {
    id: segment.id,
    seek: roundHalfEven(segment.seek * FRAMES_PER_SECOND),
    start: segment.start,
    end: segment.end,
    text: segment.text,
    tokens: segment.tokens,
    temperature: segment.temperature,
    avg_logprob: segment.avgLogprob,
    compression_ratio: segment.compressionRatio,
    no_speech_prob: segment.noSpeechProb,
    channel: segment.channel,
    words: segment.words?.map(({ word, start, end, probability }) => ({
      word,
      start,
      end,
      probability,
    })),
  }
}
