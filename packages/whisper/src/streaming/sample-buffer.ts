/** The samples of a stream that are still needed, by their places in the stream. */
export class SampleBuffer {
  #samples = new Float32Array(0)
  #start = 0

  /** Place of the first sample that is kept. */
  get start(): number {
    return this.#start
  }

  /** Place behind the last. */
  get end(): number {
    return this.#start + this.#samples.length
  }

  push(samples: Float32Array): void {
    const joined = new Float32Array(this.#samples.length + samples.length)
    joined.set(this.#samples)
    joined.set(samples, this.#samples.length)
    this.#samples = joined
  }

  /** A copy of what is kept from `from` to before `to`. */
  slice(from: number, to: number): Float32Array {
    return this.#samples.slice(Math.max(0, from - this.#start), Math.max(0, to - this.#start))
  }

  /** Forgets what is before `place`. */
  dropBefore(place: number): void {
    const count = Math.min(Math.floor(place) - this.#start, this.#samples.length)
    if (count <= 0) return
    this.#samples = this.#samples.slice(count)
    this.#start += count
  }
}
