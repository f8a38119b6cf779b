import ort from 'onnxruntime-node'
import type { InferenceSession } from 'onnxruntime-node'

import { CrossAttention } from './cross-attention.js'
import type { ModelShape } from './cross-attention.js'

/** The encoder's graph, ready to run. */
export class EncoderSession {
  readonly #session: InferenceSession
  readonly #shape: ModelShape
  readonly #mels: number
  /** Memory of a window that is done with. */
  #spare: CrossAttention | null = null

  constructor(session: InferenceSession, shape: ModelShape, mels: number) {
    this.#session = session
    this.#shape = shape
    this.#mels = mels
  }

  /** Log-mel spectrograms `[audios, mels, frames]` to what the decoder looks at; `frames` is even. */
  async encode(mel: Float32Array, audios: number, frames: number): Promise<CrossAttention> {
    const positions = frames / 2
    const spare = this.#spare
    this.#spare = null
    const cross =
      spare?.audios === audios && spare.positions === positions
        ? spare
        : new CrossAttention(this.#shape, audios, positions)
    const input = new ort.Tensor('float32', mel, [audios, this.#mels, frames])
    // The graph writes into the memory it is given.
    await this.#session.run({ mel: input }, { ...cross.tensors })
    return cross
  }

  /** Gives back what `encode` returned; it is written over by a later one. */
  recycle(cross: CrossAttention): void {
    this.#spare = cross
  }
}
