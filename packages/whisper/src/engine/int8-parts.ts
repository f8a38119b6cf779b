import { AudioDecodeError } from '@audiodecode/core'

import type { CompiledFiles } from '../compiler/compile-model.js'
import { loadBinding } from '../load-binding.js'
import type { NativeCross, NativeEncoder } from '../load-binding.js'
import type { AudioSlots, CrossAttention, ModelShape } from './cross-attention.js'
import type { Decoder } from './decoder.js'
import type { EncoderShape } from './encoder-session.js'
import { Int8Decoder, PackedCross } from './int8-decoder.js'
import { LENT_TO_DECODER, LENT_TO_ENCODER } from './short-audio.js'
import type { SpeechParts } from './speech-parts.js'

const LENT = { encoder: LENT_TO_ENCODER, decoder: LENT_TO_DECODER } as const
const NOTHING_LENT = { encoder: 0, decoder: 0 } as const

/** A model in 8-bit numbers, which the addon runs. What it does blocks the thread meanwhile. */
export class Int8Parts implements SpeechParts {
  readonly decoder: Decoder
  readonly longestShort: number
  readonly #encoder: NativeEncoder
  readonly #windowFrames: number
  readonly #memory: (windows: number) => NativeCross
  /** Of the window that is decoded alone. */
  readonly #alone: NativeCross

  private constructor(
    encoder: NativeEncoder,
    decoder: Decoder,
    memory: (windows: number) => NativeCross,
    { longestShort, windowFrames }: EncoderShape,
  ) {
    this.#encoder = encoder
    this.decoder = decoder
    this.#memory = memory
    this.#alone = memory(1)
    this.longestShort = longestShort
    this.#windowFrames = windowFrames
  }

  /** Reads the weights, to compute on so many threads. ERR_MODEL when they cannot be read. */
  static load(
    { encoder, decoder, config, directory }: CompiledFiles,
    sizes: { shape: ModelShape; encoder: EncoderShape },
    threads: number,
  ): Int8Parts {
    const { NativeDecoder, NativeEncoder, reorderRows } = loadBinding()
    try {
      const native = new NativeDecoder(decoder, threads)
      return new Int8Parts(
        new NativeEncoder(encoder, threads),
        new Int8Decoder(native, reorderRows, sizes.shape, config.textContext),
        (windows) => native.crossMemory(windows),
        sizes.encoder,
      )
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      const advice = `Delete the folder ${directory} to have the model compiled again.`
      throw new AudioDecodeError('ERR_MODEL', `${why}. ${advice}`, { input: directory, cause })
    }
  }

  async encode(mel: Float32Array, frames: number): Promise<CrossAttention> {
    await this.#encode(mel, frames, this.#alone, 0)
    return new PackedCross(this.#alone, 0, 1)
  }

  slots(windows: number): AudioSlots {
    const memory = this.#memory(windows)
    return {
      fill: (place, mel, frames) => this.#encode(mel, frames, memory, place),
      view: (first, audios) => new PackedCross(memory, first, audios),
      move: (from, to) => memory.moveSlot(from, to),
    }
  }

  release(): Promise<void> {
    return Promise.resolve()
  }

  async #encode(
    mel: Float32Array,
    frames: number,
    memory: NativeCross,
    slot: number,
  ): Promise<void> {
    // Before a window others have their turn: who aborts must be heard.
    await new Promise(setImmediate)
    const lent = frames < this.#windowFrames ? LENT : NOTHING_LENT
    this.#encoder.encode(mel, frames, lent, memory, slot)
  }
}
