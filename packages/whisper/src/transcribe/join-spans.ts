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
