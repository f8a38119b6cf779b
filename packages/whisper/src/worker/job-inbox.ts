import { PushQueue } from '../push-queue.js'
import type { ChunkQueue } from '../transcribe/hear-chunks.js'
import type { AudioChunk } from '../transcribe/plan-chunks.js'
import type { TaskInput } from './protocol.js'

/** What a job was sent and has not used yet. */
export class JobInbox implements ChunkQueue {
  readonly samples: PushQueue<Float32Array> = new PushQueue()
  readonly #chunks: AudioChunk[] = []
  #decoded = 0
  #ended = false
  #stopped: { readonly reason: unknown } | null = null
  #wake: () => void = () => {}

  /** Takes what the main thread sent. */
  put(input: TaskInput): void {
    if (input.kind === 'samples') this.samples.push(input.samples)
    if (input.kind === 'chunk') this.#chunks.push(input.chunk)
    if (input.kind === 'decoded') this.#decoded += input.chunks
    if (input.kind === 'end') {
      this.#ended = true
      this.samples.close()
    }
    this.#wake()
  }

  /** Nobody waits any longer. */
  stop(reason: unknown): void {
    this.#stopped ??= { reason }
    this.samples.fail(reason)
    this.#wake()
  }

  take(): AudioChunk | undefined {
    return this.#chunks.shift()
  }

  async wait(): Promise<boolean> {
    await this.#until(() => this.#chunks.length > 0 || this.#ended)
    return this.#chunks.length > 0
  }

  /** Until so many chunks were decoded. */
  decoded(chunks: number): Promise<void> {
    return this.#until(() => this.#decoded >= chunks)
  }

  async #until(condition: () => boolean): Promise<void> {
    while (true) {
      if (this.#stopped !== null) throw this.#stopped.reason
      if (condition()) return
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
