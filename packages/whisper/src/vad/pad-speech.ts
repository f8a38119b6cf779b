import type { SampleSpan } from '../transcribe/collect-chunks.js'

/** Widens stretches by `padding` samples on both sides; neighbours nearer than twice that share the silence between them. */
export function padSpeech(
  speech: readonly SampleSpan[],
  padding: number,
  sampleCount: number,
): readonly SampleSpan[] {
  const padded = speech.map(({ start, end }) => ({ start, end }))
  for (const [index, span] of padded.entries()) {
    if (index === 0) span.start = Math.max(0, span.start - padding)
    const next = padded[index + 1]
    const silence = next === undefined ? Infinity : next.start - span.end
    const reach = silence < 2 * padding ? Math.floor(silence / 2) : padding
    span.end = silence < 2 * padding ? span.end + reach : Math.min(sampleCount, span.end + reach)
    if (next !== undefined) next.start = Math.max(0, next.start - reach)
  }
  return padded
}
