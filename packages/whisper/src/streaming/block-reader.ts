import { AudioDecodeError } from '@audiodecode/core'

/** Reads blocks of samples as they come, a little ahead of what is taken, so that a live source need not wait. */
export class BlockReader {
  readonly #iterator: AsyncIterator<Float32Array>
  readonly #ahead: number
  #blocks: Float32Array[] = []
  #pending = 0
  #taken = 0
  #end: { error: unknown } | { error?: never } | null = null
  #isReading = false
  #wake: (() => void) | null = null

  /** Reads on while fewer than `ahead` samples wait to be taken. */
  constructor(source: AsyncIterable<Float32Array>, ahead: number) {
    this.#iterator = source[Symbol.asyncIterator]()
    this.#ahead = ahead
  }

  /**
   * `most` samples at the most, once there are `least` or the source has ended; null when nothing comes any more. Fails with
   * what the source fails with, once what came before has been taken, and with `signal`'s reason.
   */
  async take(least: number, most: number, signal: AbortSignal): Promise<Float32Array | null> {
    while (this.#pending < least && this.#end === null) {
      signal.throwIfAborted()
      this.#read()
      await this.#change(signal)
    }
    signal.throwIfAborted()
    if (this.#pending === 0) {
      if (this.#end !== null && 'error' in this.#end) throw this.#end.error
      return null
    }
    const samples = this.#cut(Math.min(most, this.#pending))
    this.#read()
    return samples
  }

  /** Ends the source. One that is asked for a block is not waited for: it may never answer. */
  async close(): Promise<void> {
    const wasOpen = this.#end === null
    this.#end ??= {}
    this.#blocks = []
    this.#pending = 0
    if (!wasOpen) return
    const ended = this.#iterator.return?.()
    if (ended === undefined) return
    if (this.#isReading) ended.catch(() => {})
    else await ended
  }

  #read(): void {
    if (this.#isReading || this.#end !== null || this.#pending >= this.#ahead) return
    this.#isReading = true
    void this.#next().finally(() => {
      this.#isReading = false
      this.#wake?.()
      this.#read()
    })
  }

  async #next(): Promise<void> {
    try {
      const result = await this.#iterator.next()
      if (this.#end !== null) return
      if (result.done === true) this.#end = {}
      else this.#push(result.value)
    } catch (error) {
      this.#end ??= { error }
    }
  }

  #push(block: Float32Array): void {
    try {
      checkBlock(block, this.#taken + this.#pending)
    } catch (error) {
      this.#end = { error }
      // The source is not at its end.
      void Promise.resolve(this.#iterator.return?.()).catch(() => {})
      return
    }
    // A copy: the source may use its memory again.
    this.#blocks.push(block.slice())
    this.#pending += block.length
  }

  #cut(count: number): Float32Array {
    const samples = new Float32Array(count)
    let filled = 0
    while (filled < count) {
      const block = this.#blocks[0] ?? new Float32Array(count)
      const part = block.subarray(0, count - filled)
      samples.set(part, filled)
      filled += part.length
      if (part.length === block.length) this.#blocks.shift()
      else this.#blocks[0] = block.subarray(part.length)
    }
    this.#pending -= count
    this.#taken += count
    return samples
  }

  /** Resolves when something came, the source ended or `signal` was aborted. */
  async #change(signal: AbortSignal): Promise<void> {
    let onAbort = (): void => {}
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      onAbort = resolve
      signal.addEventListener('abort', onAbort)
    })
    this.#wake = null
    signal.removeEventListener('abort', onAbort)
  }
}

function checkBlock(block: unknown, offset: number): void {
  // By name rather than instanceof, which fails for arrays of another realm.
  if (Object.prototype.toString.call(block) !== '[object Float32Array]') {
    throw new TypeError('a block of samples must be a Float32Array')
  }
  const samples = block as Float32Array
  const index = samples.findIndex((sample) => !Number.isFinite(sample))
  if (index < 0) return
  throw new AudioDecodeError(
    'ERR_CORRUPT',
    `sample ${offset + index} of the stream is ${samples[index]}, which cannot be listened to. Replace what is no finite number by 0.`,
  )
}
