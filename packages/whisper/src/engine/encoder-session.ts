import ort from 'onnxruntime-node'
import type { InferenceSession, Tensor } from 'onnxruntime-node'

import { FloatSlots } from './cross-attention.js'
import type { FloatCross } from './cross-attention.js'
import type { CrossPart } from './graph-layout.js'
import { copyCross, PaddingStates } from './padding-states.js'
import { LENT_TO_DECODER, LENT_TO_ENCODER } from './short-audio.js'

/** Sizes of an encoder. */
export interface EncoderShape {
  readonly mels: number
  /** Of a position. */
  readonly width: number
  readonly layers: number
  /** Length of a window; what is shorter is encoded alone. */
  readonly windowFrames: number
  /** Most frames of audio that is encoded alone. */
  readonly longestShort: number
}

/** The encoder's graph, ready to run. */
export class EncoderSession {
  readonly #session: InferenceSession
  readonly #layout: readonly CrossPart[]
  readonly #encoder: EncoderShape
  readonly #noPadding: Readonly<Record<string, Tensor>>
  /** Made when the first short audio comes. */
  #padding: PaddingStates | null = null
  /** Memory of a window that is done with. */
  #spare: FloatCross | null = null

  /** `layout`: of what the graph gives for the decoder. */
  constructor(session: InferenceSession, layout: readonly CrossPart[], encoder: EncoderShape) {
    this.#session = session
    this.#layout = layout
    this.#encoder = encoder
    const none = new ort.Tensor('float32', new Float32Array(0), [1, 0, encoder.width])
    this.#noPadding = Object.fromEntries(
      layerNames('padding', encoder.layers).map((name) => [name, none]),
    )
  }

  /** Most frames of audio that is encoded alone; 0: none. */
  get longestShort(): number {
    return this.#encoder.longestShort
  }

  /**
   * Log-mel spectrogram `[mels, frames]` of one window to what the decoder looks at; `frames` is even. Fewer frames than a
   * window has are encoded alone, as if the padding stood behind them; that costs so much less.
   */
  async encode(mel: Float32Array, frames: number): Promise<FloatCross> {
    const { windowFrames } = this.#encoder
    const lent = frames < windowFrames ? LENT_TO_DECODER : 0
    const cross = this.#take(Math.min(frames / 2 + lent, windowFrames / 2))
    await this.encodeInto(cross, mel, frames)
    return cross
  }

  /** The same, into memory that the caller has; the padding fills what is behind the audio. */
  async encodeInto(cross: FloatCross, mel: Float32Array, frames: number): Promise<void> {
    if (frames >= this.#encoder.windowFrames) {
      await this.#run(mel, frames, this.#noPadding, cross.tensors)
      return
    }
    const positions = frames / 2
    this.#padding ??= await this.#encodePadding()
    const own = this.allocate(1, positions).view(0, 1)
    await this.#run(mel, frames, this.#padding.behind(positions), own.tensors)
    copyCross(this.#layout, own, 0, cross, 0, positions)
    this.#padding.fill(cross, positions)
  }

  /** Memory for so many windows. */
  allocate(windows: number, positions: number): FloatSlots {
    return new FloatSlots(this.#layout, windows, positions)
  }

  /** Gives back what `encode` returned; it is written over by a later one. */
  recycle(cross: FloatCross): void {
    this.#spare = cross
  }

  #take(positions: number): FloatCross {
    const spare = this.#spare
    this.#spare = null
    return spare?.positions === positions ? spare : this.allocate(1, positions).view(0, 1)
  }

  /** A window of padding alone: zeros, as behind all audio that is shorter than a window. */
  async #encodePadding(): Promise<PaddingStates> {
    const { mels, width, layers, windowFrames, longestShort } = this.#encoder
    const cross = this.allocate(1, windowFrames / 2).view(0, 1)
    const silence = new Float32Array(mels * windowFrames)
    const names = layerNames('encoder', layers)
    const fetches = { ...cross.tensors, ...Object.fromEntries(names.map((name) => [name, null])) }
    const results = await this.#run(silence, windowFrames, this.#noPadding, fetches)
    const used = (longestShort / 2 + LENT_TO_ENCODER) * width
    const states = names.map((name) => {
      const data = results[name]?.data
      if (!(data instanceof Float32Array)) throw new TypeError(`the encoder gave no ${name}`)
      return [name, data.slice(0, used)] as const
    })
    return new PaddingStates({ width, layout: this.#layout }, new Map(states), cross)
  }

  #run(
    mel: Float32Array,
    frames: number,
    padding: Readonly<Record<string, Tensor>>,
    fetches: Readonly<Record<string, Tensor | null>>,
  ): Promise<InferenceSession.ReturnType> {
    const input = new ort.Tensor('float32', mel, [1, this.#encoder.mels, frames])
    // The graph writes into the memory it is given.
    return this.#session.run({ mel: input, ...padding }, { ...fetches })
  }
}

function layerNames(prefix: 'encoder' | 'padding', layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) =>
    ['k', 'v'].map((kind) => `${prefix}_${kind}_${layer}`),
  ).flat()
}
