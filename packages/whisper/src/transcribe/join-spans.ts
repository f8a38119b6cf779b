import type { SampleSpan } from './collect-chunks.js'

/** The stretches of audio one behind the other. */
export function joinSpans(audio: Float32Array, spans: readonly SampleSpan[]): Float32Array {
  const length = spans.reduce((sum, { start, end }) => sum + end - start, 0)
  const joined = new Float32Array(length)
  let at = 0
  for (const { start, end } of spans) {
    joined.set(audio.subarray(start, end), at)
    at += end - start
  }
  return joined
}

/** The same in the memory of the audio, whose own samples are lost: of ten hours a copy would be two gigabytes. */
export function joinSpansInPlace(audio: Float32Array, spans: readonly SampleSpan[]): Float32Array {
  let end = 0
  for (const span of spans) {
    // One that begins before the last one ends would be overwritten before it is read.
    if (span.start < end) return joinSpans(audio, spans)
    end = span.end
  }
  let at = 0
  for (const { start, end } of spans) {
    audio.copyWithin(at, start, end)
    at += end - start
  }
  return audio.subarray(0, at)
}
