import { setImmediate as nextTurn } from 'node:timers/promises'

/** Samples copied without letting the event loop have its turn: well below a millisecond. */
const SAMPLES_A_TURN = 1 << 18

/** Planar pieces of a signal, until they are put together. */
export class SampleCollector {
  #pieces: Float32Array[] = []
  #frames = 0

  /** Takes a piece. */
  add(samples: Float32Array, frames: number): void {
    this.#pieces.push(samples)
    this.#frames += frames
  }

  /** All of it, planar: in `out` where there is room, else in new memory. Stops between two turns when the signal fires. */
  async join(
    channels: number,
    out: Float32Array | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Float32Array> {
    const frames = this.#frames
    const length = frames * channels
    const data =
      out !== undefined && out.length >= length ? out.subarray(0, length) : new Float32Array(length)
    let at = 0
    let copied = 0
    for (const piece of this.#pieces) {
      const count = piece.length / channels
      for (let channel = 0; channel < channels; channel++) {
        data.set(piece.subarray(channel * count, (channel + 1) * count), channel * frames + at)
      }
      at += count
      copied += piece.length
      if (copied < SAMPLES_A_TURN) continue
      copied = 0
      await nextTurn()
      signal?.throwIfAborted()
    }
    this.#pieces = []
    return data
  }
}
