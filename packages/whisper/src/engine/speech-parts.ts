import type { AudioSlots, CrossAttention } from './cross-attention.js'
import type { Decoder } from './decoder.js'

/** Encoder and decoder of a model, loaded in this thread. */
export interface SpeechParts {
  readonly decoder: Decoder
  /** Most frames of audio that is encoded alone; 0: none. */
  readonly longestShort: number
  /**
   * Log-mel spectrogram `[mels, frames]` of one window to what the decoder looks at, valid until the next one; `frames` is even. Fewer
   * frames than a window has are encoded alone, as if the padding stood behind them; that costs so much less.
   */
  encode(mel: Float32Array, frames: number): Promise<CrossAttention>
  /** Memory for windows side by side. */
  slots(windows: number): AudioSlots
  /** Frees what garbage collection does not. */
  release(): Promise<void>
}
