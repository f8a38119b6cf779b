import type { CompiledFiles } from '../compiler/compile-model.js'
import { makesOwnKeys } from '../compiler/compute-type.js'
import { loadOnnxruntime } from '../load-onnxruntime.js'
import { readText } from './align-window.js'
import type { ReadText } from './align-window.js'
import type { AudioSlots, CrossAttention } from './cross-attention.js'
import { decodeSideBySide } from './decode-side-by-side.js'
import type { SideWindow } from './decode-side-by-side.js'
import type { Decoder } from './decoder.js'
import { generate } from './generate.js'
import type { GenerateRequest, Generated } from './generate.js'
import { crossWidth, halfLayout, layout } from './graph-layout.js'
import { Int8Parts } from './int8-parts.js'
import { Mutex } from './mutex.js'
import { longestShort, shortFrames } from './short-audio.js'
import type { SpeechParts } from './speech-parts.js'

/** Frames of a window of 30 s, one for every 10 ms. */
export const WINDOW_FRAMES = 3000

/** What the decoder of one window is used through; valid inside `withWindow`. */
export interface Window {
  /** Tokens behind a prompt. */
  generate(request: GenerateRequest): Promise<Generated>
  /** How likely each of these languages' tokens is behind the start of the transcript; 1 in all. */
  languageProbs(startOfTranscript: number, languages: readonly number[]): Promise<readonly number[]>
  /** What it looks at while it reads a text that it has heard. */
  read(given: {
    start: readonly number[]
    noTimestamps: number
    text: readonly number[]
    endOfText: number
  }): Promise<ReadText>
}

/** A window that is decoded beside others. */
export interface WindowBeside {
  /** From `framesFor`, or WINDOW_FRAMES. */
  readonly frames: number
  /** Its spectrogram, `[mels, frames]`. */
  mel(): Promise<Float32Array>
  /** Tells what is to be found; may ask the window. */
  begin(window: Window): Promise<GenerateRequest>
  /** Is told what was found; may ask the window. */
  end(window: Window, found: Generated): Promise<void>
}

/** A model whose graphs are loaded in this thread. */
export class SpeechModel {
  readonly files: CompiledFiles
  readonly #parts: SpeechParts
  /** Shares the weights, not the tokens so far. */
  readonly #beside: Decoder
  readonly #mutex = new Mutex()
  /** Memory of windows side by side, from the first time on. */
  #slots: { readonly most: number; readonly memory: AudioSlots } | null = null

  private constructor(files: CompiledFiles, parts: SpeechParts) {
    this.files = files
    this.#parts = parts
    this.#beside = parts.decoder.beside()
  }

  /** Loads encoder and decoder, to run on so many threads. */
  static async load(
    files: CompiledFiles,
    threads: number,
    device: 'cpu' | 'cuda' = 'cpu',
  ): Promise<SpeechModel> {
    const { config, computeType } = files
    const shape = {
      decoderLayers: config.layers.decoder,
      heads: config.heads,
      headSize: config.width / config.heads,
    }
    const tensors = makesOwnKeys(computeType) ? halfLayout(shape) : layout(shape)
    const sizes = {
      shape,
      layout: tensors,
      encoder: {
        mels: config.mels,
        width: config.width,
        layers: config.layers.encoder,
        windowFrames: WINDOW_FRAMES,
        longestShort: longestShort({
          width: config.width,
          encoderLayers: config.layers.encoder,
          crossWidth: crossWidth(tensors),
          windowPositions: WINDOW_FRAMES / 2,
        }),
      },
    }
    if (computeType === 'int8') {
      return new SpeechModel(files, Int8Parts.load(files, sizes, threads))
    }
    await loadOnnxruntime(`computeType '${computeType}'`, "'int8' works without it.")
    const { OnnxParts } = await import('./onnx-parts.js')
    return new SpeechModel(files, await OnnxParts.load(files, sizes, { threads, device }))
  }

  /** Frames to encode for so many frames of audio: fewer than a window has when the audio is short enough to be encoded alone. */
  framesFor(content: number): number {
    const frames = shortFrames(content)
    return frames <= this.#parts.longestShort ? frames : WINDOW_FRAMES
  }

  /** Encodes a window, `[mels, frames]`, and lends its decoder to `work`; others wait their turn. `frames` is from `framesFor`, or WINDOW_FRAMES. */
  withWindow<T>(
    mel: Float32Array,
    frames: number,
    signal: AbortSignal,
    work: (window: Window) => Promise<T>,
  ): Promise<T> {
    return this.#mutex.run(async () => {
      signal.throwIfAborted()
      const cross = await this.#parts.encode(mel, frames)
      signal.throwIfAborted()
      return work(this.#window(cross))
    })
  }

  /**
   * Decodes windows of the same rules side by side, `most` at once, for as long as `next` has one. When others wait for the
   * model it begins no more than `most`, and ends.
   */
  withWindows(
    most: number,
    next: () => WindowBeside | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#mutex.run(async () => {
      signal.throwIfAborted()
      if (this.#slots === null || this.#slots.most < most) {
        this.#slots = { most, memory: this.#parts.slots(most) }
      }
      const parts = {
        decoder: this.#beside,
        scratch: this.#parts.decoder,
        slots: this.#slots.memory,
      }
      let begun = 0
      const take = (): SideWindow | undefined => {
        if (begun >= most && this.#mutex.isWanted) return undefined
        const window = next()
        begun += 1
        return window === undefined ? undefined : this.#besides(window, signal)
      }
      await decodeSideBySide(parts, most, take, signal)
    })
  }

  /** Frees both graphs, once what is running has ended. */
  release(): Promise<void> {
    return this.#mutex.run(() => this.#parts.release())
  }

  #besides(window: WindowBeside, signal: AbortSignal): SideWindow {
    return {
      begin: async (slots, place) => {
        await slots.fill(place, await window.mel(), window.frames)
        signal.throwIfAborted()
        return window.begin(this.#window(slots.view(place, 1)))
      },
      end: (cross, found) => window.end(this.#window(cross), found),
    }
  }

  #window(cross: CrossAttention): Window {
    const { decoder } = this.#parts
    const { config } = this.files
    return {
      generate: (request) => generate({ decoder, cross }, request),
      read: (given) => readText(decoder, cross, given, config.alignmentHeads),
      languageProbs: async (startOfTranscript, languages) => {
        decoder.cache.reset(1)
        const scores = await decoder.run({
          tokens: [[startOfTranscript]],
          cross,
          score: [0],
          textMask: new Float32Array(config.endOfText),
          top: 1,
        })
        const { tail } = scores.next(0, 0)
        const logits = languages.map((id) => tail[id - config.endOfText] ?? -Infinity)
        const most = Math.max(...logits)
        const weights = logits.map((logit) => Math.exp(logit - most))
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        return weights.map((weight) => weight / total)
      },
    }
  }
}
