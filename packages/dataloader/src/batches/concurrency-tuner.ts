/** How a stretch of work went. */
export interface TunerSample {
  /** Milliseconds that the consumer waited for a batch. */
  readonly waitedMs: number
  /** Milliseconds since the batch before. */
  readonly elapsedMs: number
  /** Items of the batch. */
  readonly items: number
}

/** A decision looks back at this many batches, and at this many milliseconds. */
const BATCHES = 8
const PERIOD_MS = 40

/** A consumer that waits less than this share of the time is not held up. */
const CALM = 0.01

/** More files at a time must bring at least this, or it was no use. */
const GAIN = 1.03

/** Periods until another try, after one that was no use. */
const PATIENCE = 8

/**
 * How many files to load at the same time, found by trying: while the consumer waits, half as many more, as long as that brings more
 * items a second; otherwise back to what did.
 */
export class ConcurrencyTuner {
  readonly #most: number
  #value: number
  #waitedMs = 0
  #elapsedMs = 0
  #items = 0
  #batches = 0
  /** What was tried last: from where, and the items a second there. */
  #trial: { readonly from: number; readonly rate: number } | undefined
  #patience = 0

  constructor(initial: number, most: number) {
    this.#most = most
    this.#value = Math.min(initial, most)
  }

  /** Files at the same time. */
  get value(): number {
    return this.#value
  }

  /** Takes note of a batch. */
  record({ waitedMs, elapsedMs, items }: TunerSample): void {
    this.#waitedMs += waitedMs
    this.#elapsedMs += elapsedMs
    this.#items += items
    this.#batches++
    if (this.#batches < BATCHES || this.#elapsedMs < PERIOD_MS) return
    this.#decide(this.#items / this.#elapsedMs, this.#waitedMs / this.#elapsedMs)
    this.#waitedMs = this.#elapsedMs = this.#items = this.#batches = 0
  }

  #decide(rate: number, waiting: number): void {
    const trial = this.#trial
    this.#trial = undefined
    if (trial !== undefined && waiting > CALM && rate < trial.rate * GAIN) {
      this.#value = trial.from
      this.#patience = PATIENCE
      return
    }
    if (waiting <= CALM) return
    if (this.#patience > 0) {
      this.#patience--
      return
    }
    const next = Math.min(this.#most, Math.ceil(this.#value * 1.5))
    if (next === this.#value) return
    this.#trial = { from: this.#value, rate }
    this.#value = next
  }
}
