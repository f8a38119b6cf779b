import type { SampleSpan } from '../transcribe/collect-chunks.js'

/** Widens stretches by `padding` samples on both sides; neighbours nearer than twice that share the silence between them. */
export class SpeechPadder {
  readonly padding: number
  /** Padded at its start; how far its end goes depends on what follows. */
  #open: { readonly start: number; readonly end: number } | null = null

  constructor(padding: number) {
    this.padding = padding
  }

  /** Where the stretch that is not yet known to its end begins. */
  get openStart(): number | undefined {
    return this.#open?.start
  }

  /** Takes the next stretch; gives the one before it, which is now known. */
  push(span: SampleSpan): readonly SampleSpan[] {
    const before = this.#open
    const silence = before === null ? Infinity : span.start - before.end
    const reach = silence < 2 * this.padding ? Math.floor(silence / 2) : this.padding
    this.#open = { start: Math.max(0, span.start - reach), end: span.end }
    return before === null ? [] : [{ start: before.start, end: before.end + reach }]
  }

  /** The last one, which ends within the audio. */
  finish(sampleCount: number): readonly SampleSpan[] {
    const last = this.#open
    this.#open = null
    if (last === null) return []
    return [{ start: last.start, end: Math.min(sampleCount, last.end + this.padding) }]
  }
}
