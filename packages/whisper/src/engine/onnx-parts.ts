import ort from 'onnxruntime-node'

import type { CompiledFiles } from '../compiler/compile-model.js'
import { bindingIfAny } from '../load-binding.js'
import type { AudioSlots, CrossAttention, FloatCross, FloatSlots } from './cross-attention.js'
import type { Decoder } from './decoder.js'
import { EncoderSession } from './encoder-session.js'
import type { EncoderShape } from './encoder-session.js'
import type { GraphLayout } from './graph-layout.js'
import { OnnxDecoder } from './onnx-decoder.js'
import type { SpeechParts } from './speech-parts.js'

/** A model that onnxruntime runs. */
export class OnnxParts implements SpeechParts {
  readonly decoder: Decoder
  readonly #encoder: EncoderSession
  readonly #windowPositions: number
  readonly #sessions: readonly ort.InferenceSession[]
  #lent: FloatCross | null = null

  private constructor(
    sessions: readonly ort.InferenceSession[],
    encoder: EncoderSession,
    decoder: Decoder,
    windowPositions: number,
  ) {
    this.#sessions = sessions
    this.#encoder = encoder
    this.decoder = decoder
    this.#windowPositions = windowPositions
  }

  /** Loads both graphs, to run on so many threads. */
  static async load(
    { encoder, decoder, config }: CompiledFiles,
    sizes: { layout: GraphLayout; encoder: EncoderShape },
    { threads, device }: { threads: number; device: 'cpu' | 'cuda' },
  ): Promise<OnnxParts> {
    const options: ort.InferenceSession.SessionOptions = {
      executionProviders: device === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // It would keep the memory of every length that ever occurred.
      enableMemPattern: false,
      logSeverityLevel: 3,
    }
    const sessions = [
      await ort.InferenceSession.create(encoder, options),
      await ort.InferenceSession.create(decoder, options),
    ] as const
    return new OnnxParts(
      sessions,
      new EncoderSession(sessions[0], sizes.layout.cross, sizes.encoder),
      new OnnxDecoder(sessions[1], sizes.layout, config.textContext, bindingIfAny()?.reorderRows),
      sizes.encoder.windowFrames / 2,
    )
  }

  get longestShort(): number {
    return this.#encoder.longestShort
  }

  async encode(mel: Float32Array, frames: number): Promise<CrossAttention> {
    if (this.#lent !== null) this.#encoder.recycle(this.#lent)
    this.#lent = null
    this.#lent = await this.#encoder.encode(mel, frames)
    return this.#lent
  }

  slots(windows: number): AudioSlots {
    const slots: FloatSlots = this.#encoder.allocate(windows, this.#windowPositions)
    return {
      fill: (place, mel, frames) => this.#encoder.encodeInto(slots.view(place, 1), mel, frames),
      view: (first, audios) => slots.view(first, audios),
      move: (from, to) => slots.move(from, to),
    }
  }

  async release(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.release()))
  }
}
