import ort from 'onnxruntime-node'

import type { CompiledFiles } from '../compiler/compile-model.js'
import { loadBinding } from '../load-binding.js'
import { readText } from './align-window.js'
import type { ReadText } from './align-window.js'
import type { AudioSlots, CrossAttention, ModelShape } from './cross-attention.js'
import { decodeSideBySide } from './decode-side-by-side.js'
import type { SideWindow } from './decode-side-by-side.js'
import type { Decoder } from './decoder.js'
import { EncoderSession } from './encoder-session.js'
import { generate } from './generate.js'
import type { GenerateRequest, Generated } from './generate.js'
import { Int8Decoder } from './int8-decoder.js'
import { Mutex } from './mutex.js'
import { OnnxDecoder } from './onnx-decoder.js'
import { longestShort, shortFrames } from './short-audio.js'

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
  /** Its spectrogram, `[mels, WINDOW_FRAMES]`. */
  mel(): Promise<Float32Array>
  /** Tells what is to be found; may ask the window. */
  begin(window: Window): Promise<GenerateRequest>
  /** Is told what was found; may ask the window. */
  end(window: Window, found: Generated): Promise<void>
}

/** A model whose graphs are loaded in this thread. */
export class SpeechModel {
  readonly files: CompiledFiles
  readonly #encoder: EncoderSession
  readonly #decoder: Decoder
  /** Shares the graph, not the tokens so far. */
  readonly #beside: Decoder
  readonly #release: () => Promise<void>
  readonly #mutex = new Mutex()
  /** Memory of windows side by side, from the first time on. */
  #slots: { readonly most: number; readonly memory: AudioSlots } | null = null

  private constructor(
    files: CompiledFiles,
    encoder: EncoderSession,
    decoder: Decoder,
    release: () => Promise<void>,
  ) {
    this.files = files
    this.#encoder = encoder
    this.#decoder = decoder
    this.#beside = decoder.beside()
    this.#release = release
  }

  /** Loads both graphs, to run on so many threads. */
  static async load(
    files: CompiledFiles,
    threads: number,
    device: 'cpu' | 'cuda' = 'cpu',
  ): Promise<SpeechModel> {
    const options: ort.InferenceSession.SessionOptions = {
      executionProviders: device === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // It would keep the memory of every length that ever occurred.
      enableMemPattern: false,
      logSeverityLevel: 3,
    }
    const encoder = await ort.InferenceSession.create(files.encoder, options)
    const { config } = files
    const shape: ModelShape = {
      decoderLayers: config.layers.decoder,
      heads: config.heads,
      headSize: config.width / config.heads,
    }
    const { decoder, release: releaseDecoder } = await loadDecoder(files, shape, threads, options)
    const encoderShape = {
      mels: config.mels,
      layers: config.layers.encoder,
      windowFrames: WINDOW_FRAMES,
      longestShort: longestShort({
        width: config.width,
        encoderLayers: config.layers.encoder,
        decoderLayers: config.layers.decoder,
        windowPositions: WINDOW_FRAMES / 2,
      }),
    }
    return new SpeechModel(
      files,
      new EncoderSession(encoder, shape, encoderShape),
      decoder,
      async () => {
        await Promise.all([encoder.release(), releaseDecoder()])
      },
    )
  }

  /** Frames to encode for so many frames of audio: fewer than a window has when the audio is short enough to be encoded alone. */
  framesFor(content: number): number {
    const frames = shortFrames(content)
    return frames <= this.#encoder.longestShort ? frames : WINDOW_FRAMES
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
      const cross = await this.#encoder.encode(mel, frames)
      try {
        signal.throwIfAborted()
        return await work(this.#window(this.#decoder.look(cross)))
      } finally {
        this.#encoder.recycle(cross)
      }
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
        this.#slots = { most, memory: this.#decoder.slots(most, WINDOW_FRAMES / 2) }
      }
      const parts = { decoder: this.#beside, scratch: this.#decoder, slots: this.#slots.memory }
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
    return this.#mutex.run(this.#release)
  }

  #besides(window: WindowBeside, signal: AbortSignal): SideWindow {
    return {
      begin: async (slots, place) => {
        const mel = await window.mel()
        await slots.fill(place, (target) => this.#encoder.encodeInto(target, mel))
        signal.throwIfAborted()
        return window.begin(this.#window(slots.view(place, 1)))
      },
      end: (cross, found) => window.end(this.#window(cross), found),
    }
  }

  #window(cross: CrossAttention): Window {
    const decoder = this.#decoder
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

async function loadDecoder(
  { decoder, config }: CompiledFiles,
  shape: ModelShape,
  threads: number,
  options: ort.InferenceSession.SessionOptions,
): Promise<{ decoder: Decoder; release: () => Promise<void> }> {
  const { textContext } = config
  if (decoder.kind === 'int8') {
    const sizes = { shape, textContext, threads }
    const loaded = Int8Decoder.load(loadBinding(), decoder.path, sizes)
    return { decoder: loaded, release: () => Promise.resolve() }
  }
  const session = await ort.InferenceSession.create(decoder.path, options)
  const loaded = new OnnxDecoder(session, shape, textContext)
  return { decoder: loaded, release: () => session.release() }
}
