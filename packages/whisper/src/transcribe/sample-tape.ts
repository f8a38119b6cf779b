import type { SampleSpan } from './collect-chunks.js'

/** Audio that comes block by block and is forgotten once it is done with, so that its length does not matter. */
export class SampleTape {
  #blocks: { readonly start: number; readonly samples: Float32Array }[] = []
  #length = 0

  /** Samples so far, the forgotten ones among them. */
  get length(): number {
    return this.#length
  }

  /** Adds the next samples, which are not copied. */
  push(samples: Float32Array): void {
    if (samples.length === 0) return
    this.#blocks.push({ start: this.#length, samples })
    this.#length += samples.length
  }

  /** Samples from one index to before another, as far as there are any; a copy. */
  read(from: number, to: number): Float32Array {
    return this.join([{ start: from, end: to }])
  }

  /** Several stretches one behind the other. */
  join(spans: readonly SampleSpan[]): Float32Array {
    const cut = spans.map(({ start, end }) => ({ start, end: Math.min(end, this.#length) }))
    const joined = new Float32Array(
      cut.reduce((sum, { start, end }) => sum + Math.max(0, end - start), 0),
    )
    let at = 0
    for (const span of cut) {
      for (const { start, samples } of this.#blocks) {
        const from = Math.max(span.start, start)
        const to = Math.min(span.end, start + samples.length)
        if (to <= from) continue
        joined.set(samples.subarray(from - start, to - start), at + from - span.start)
      }
      at += Math.max(0, span.end - span.start)
    }
    return joined
  }

  /** Nothing before this index is asked for any more. */
  forget(before: number): void {
    this.#blocks = this.#blocks.filter(({ start, samples }) => start + samples.length > before)
  }
}
