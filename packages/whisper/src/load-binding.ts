import { createRequire } from 'node:module'

import { loadAddon } from '@audiodecode/native-bridge'

/** One pass of the decoder; arrays are as the addon's `Step` tells. */
export interface NativeStep {
  readonly tokens: Uint32Array
  readonly positions: Uint32Array
  readonly rows: number
  readonly past: number
  readonly starts: Uint32Array
  readonly shared: Uint32Array
  readonly slot: number
  readonly audios: number
  readonly score: Uint32Array
  readonly textMask: Float32Array
  readonly top: number
  readonly allLogits: boolean
  readonly wanted: Uint32Array
  readonly attentionLayers: Uint32Array
}

/** What a pass gives, row after row and in it scored token after scored token. */
export interface NativeScores {
  readonly textValues: Float32Array
  readonly textIds: Uint32Array
  readonly textLogSum: Float32Array
  readonly tail: Float32Array
  readonly logits: Float32Array
  readonly wanted: Float32Array
  readonly attention: readonly Float32Array[]
}

/** Keys and values of windows of audio, in the addon's memory. */
export interface NativeCross {
  /** Positions of the window in a place. */
  positions(slot: number): number
  /** Puts the window of one place into another. */
  moveSlot(from: number, to: number): void
}

/** A decoder in 8-bit numbers. */
export interface NativeDecoder {
  /** Memory for so many windows. */
  crossMemory(slots: number): NativeCross
  /** One pass, on the calling thread; writes into the caches. */
  run(step: NativeStep, caches: readonly Float32Array[], cross: NativeCross): NativeScores
}

/** An encoder in 8-bit numbers. */
export interface NativeEncoder {
  /**
   * Encodes a spectrogram `[mels, frames]` into a place, on the calling thread. Of the padding behind short audio encoder and decoder see as
   * many positions as they are lent. Gives the encoder's output if `hidden`.
   */
  encode(
    mel: Float32Array,
    frames: number,
    lent: { readonly encoder: number; readonly decoder: number },
    cross: NativeCross,
    slot: number,
    hidden?: boolean,
  ): Float32Array | null
}

/** Makes row i of caches `[length, rows, width]` what row `sources[i]` was, from token `firsts[i]` on. */
export type ReorderRows = (
  caches: readonly Float32Array[],
  length: number,
  width: number,
  sources: Uint32Array,
  firsts: Uint32Array,
) => void

/** Which frame each token is said in: as `alignTokens`, with a median of seven frames. */
export type NativeAlignTokens = (looks: {
  readonly heads: readonly Float32Array[]
  readonly tokens: number
  readonly frames: number
  readonly usedFrames: number
  readonly startLength: number
}) => { readonly rows: Int32Array; readonly columns: Int32Array }

/** What the addon exports. Constructors read a file of a compiled model. */
export interface Int8Binding {
  readonly NativeDecoder: new (path: string, threads: number) => NativeDecoder
  readonly reorderRows: ReorderRows
  readonly alignTokens: NativeAlignTokens
  readonly NativeEncoder: new (path: string, threads: number) => NativeEncoder
}

/** Platforms with a prebuilt addon: `napi.targets` of package.json, as a test checks. */
export const PLATFORMS: readonly string[] = [
  'linux-x64-gnu',
  'linux-x64-musl',
  'linux-arm64-gnu',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
]

/** The addon. ERR_BACKEND_UNAVAILABLE with advice where there is none. */
export function loadBinding(): Int8Binding {
  const addon = {
    packageName: '@audiodecode/whisper',
    platforms: PLATFORMS,
    hint: "computeType 'float32' needs no addon.",
  }
  return loadAddon(undefined, addon, requireBinding, 'NativeEncoder')
}

/** The addon where there is one: several times as quick as JavaScript at what does not need it. */
export function bindingIfAny(): Int8Binding | undefined {
  try {
    return loadBinding()
  } catch {
    return undefined
  }
}

/** Through the generated loader, and by package name, so that it is also found from a bundle. */
function requireBinding(): Int8Binding {
  // In a bundle of CommonJS format import.meta is empty.
  const here = import.meta.url ?? __filename
  return createRequire(here)('@audiodecode/whisper/binding') as Int8Binding
}
