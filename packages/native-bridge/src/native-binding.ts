import type { FilePeek } from '@audiodecode/core'

/** What every native addon of AudioDecode exports. The Rust side is the crate `audiodecode-node`. */
export interface NativeBinding {
  /** A new token, not cancelled. */
  readonly CancelToken: new () => NativeCancelToken
  /** Opens a path, or bytes that nobody changes until the promise settles (they are copied off the main thread). */
  openDecoder(
    source: string | Uint8Array,
    options: NativeOpenOptions,
    token: NativeCancelToken,
  ): Promise<NativeDecoder>
  /** Up to `length` bytes from `position` on and the size of the file; null for what is no regular file or cannot be read. */
  peekFile(path: string, position: number, length: number): Promise<FilePeek | null>
  /** How many threads decode at the same time in this addon. */
  setThreads(threads: number): void
  /** Version of the addon. */
  version(): string
}

/** Stops the calls it is handed to; they reject with ERR_CANCELLED once native code has let go of their buffers. */
export interface NativeCancelToken {
  /** Stops the work, running or queued. */
  cancel(): void
}

/** Bounds that native code checks before it reserves memory. */
export interface NativeLimits {
  /** Bytes of input. */
  readonly maxInputBytes: number
  /** Bytes of decoded samples. */
  readonly maxOutputBytes: number
  /** Seconds of decoded samples. */
  readonly maxDurationSeconds: number
  /** Channels of the source. */
  readonly maxChannels: number
}

/** How to open a file. */
export interface NativeOpenOptions {
  /** Audio track, counted from 0. */
  readonly track?: number
  /** Whether to make the number of frames exact. */
  readonly scan: boolean
  /** Most threads that read it through. */
  readonly threads: number
  /** Checked while opening. */
  readonly limits: NativeLimits
}

/** What to decode, in frames at the native rate. */
export interface NativeRequest {
  /** First frame. */
  readonly startFrame: number
  /** Frame after the last one; absent: the end. */
  readonly endFrame?: number
  /** Output rate in Hz. */
  readonly sampleRate?: number
  /** Whether to average the channels. */
  readonly mono: boolean
  /** Whether faster resampling will do. */
  readonly fast: boolean
  /** Most threads that decode it. */
  readonly threads: number
  /** Whether damage inside the range rejects with ERR_CORRUPT. */
  readonly failOnDamage: boolean
  /** Bounds on the output. */
  readonly limits: NativeLimits
}

/** A file opened once and read many times; reads may overlap. */
export interface NativeDecoder {
  /** What the file is. */
  readonly info: NativeInfo
  /** Says how long a decode will be; touches no file. Throws for what exceeds the limits. */
  prepare(request: NativeRequest): NativeDecode
  /** The same, to be read in blocks. */
  openStream(request: NativeRequest, token: NativeCancelToken): Promise<NativeStream>
  /** Lets the file go. */
  close(): void
}

/** A decode that can run, once. */
export interface NativeDecode {
  /** Channels of the result. */
  readonly channels: number
  /** Rate of the result in Hz. */
  readonly sampleRate: number
  /** Frames of the result as far as known. */
  readonly frames: number | null
  /** Whether an undamaged file is certain to give as many. */
  readonly framesExact: boolean
  /** Decodes into `out`, which holds channels × frames samples; without `out` all samples stay native. */
  run(out: Float32Array | null, token: NativeCancelToken): Promise<NativeOutcome>
  /** Moves what `run` left in `planned`, memory that nobody else has, and natively, into `out`. `planned` holds nothing then. */
  copyInto(out: Float32Array, planned: Float32Array | null, token: NativeCancelToken): Promise<void>
}

/** A range read block by block, one read at a time. */
export interface NativeStream {
  /** Channels of every block. */
  readonly channels: number
  /** Rate of every block in Hz. */
  readonly sampleRate: number
  /** Fills `out` with the next block; a short last one lies packed at its start. 0 frames: the end. */
  read(out: Float32Array, token: NativeCancelToken): Promise<NativeOutcome>
  /** Lets the file go. */
  close(): void
}

/** How a decode or a read went. */
export interface NativeOutcome {
  /** Frames of the result or block. */
  readonly frames: number
  /** Whether the samples wait for `copyInto` because their number was not the planned one. */
  readonly spilled: boolean
  /** What happened so far. */
  readonly report: NativeReport
}

/** Core's AudioInfo as native code tells it; what it does not know is absent. */
export interface NativeInfo {
  /** Container. */
  readonly container: string
  /** Codec. */
  readonly codec: string
  /** Native rate in Hz. */
  readonly sampleRate: number
  /** Channels of the file. */
  readonly channels: number
  /** Layout. */
  readonly channelLayout?: string | null
  /** Bits per sample. */
  readonly bitDepth?: number | null
  /** Bits per second. */
  readonly bitRate?: number | null
  /** Frames after gapless trim. */
  readonly frames?: number | null
  /** Whether `frames` is certain. */
  readonly framesExact: boolean
  /** Audio tracks. */
  readonly tracks: number
  /** Tags in the order of the file. */
  readonly tags: readonly { readonly name: string; readonly value: string }[]
}

/** Core's DecodeReport as native code tells it. */
export interface NativeReport {
  /** Frames the container promised. */
  readonly expectedFrames?: number | null
  /** Frames of the output. */
  readonly decodedFrames: number
  /** Concealed stretches, in frames of the output. */
  readonly damaged: readonly {
    readonly startFrame: number
    readonly endFrame: number
    readonly byteOffset?: number | null
    readonly reason: string
  }[]
  /** Whether the file ended too early. */
  readonly truncated: boolean
  /** Which metadata said what to trim. */
  readonly gaplessSource: string
  /** Native frames removed at the start. */
  readonly gaplessStartFrames: number
  /** Native frames removed at the end. */
  readonly gaplessEndFrames: number
}
