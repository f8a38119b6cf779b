import type { AudioInfo } from './audio-info.js'
import type { DecodeReport } from './decode-report.js'
import type { Limits } from './limits.js'
import type { PluginStatus } from './plugin-status.js'

/** How strongly a backend offers itself; lower tiers are tried only when higher ones decline. */
export type BackendTier = 'preferred' | 'standard' | 'fallback'

/**
 * What a codec author writes. Only the first four members are required: core slices, mixes, resamples and cuts blocks.
 *
 * To decline a file, reject with an AudioDecodeError of code ERR_UNSUPPORTED_FORMAT (not my format) or
 * ERR_BACKEND_UNAVAILABLE (cannot work here): the next backend is asked. Any other error is final.
 */
export interface AudioBackend {
  /** Name callers select it by; a second registration of the same name replaces the first. */
  readonly name: string
  /** When it is asked, compared with others. */
  readonly tier: BackendTier
  /** Whether it might read this. Cheap and synchronous; must not load native code. Not asked when a caller names the backend. */
  supports(probe: Probe): boolean
  /** Decodes. A backend without `range` capability returns everything, whatever the request's frames say. */
  decode(source: BackendSource, request: BackendRequest): Promise<BackendResult>
  /** Looks at the headers; with `request.scan` it counts the frames exactly. */
  info?(source: BackendSource, request: BackendRequest): Promise<AudioInfo>
  /** Opens once for many reads. With `open`, core never calls the backend's own `decode`. */
  open?(source: BackendSource, request: BackendRequest): Promise<BackendHandle>
  /**
   * Opens a file, reads up to `length` bytes from `position` on and closes it, in one go: core needs five calls of `node:fs` for
   * that, each with a turn of the event loop. Null for what is no regular file or cannot be read; core then looks itself, and says
   * why. The first registered backend that has it is asked, whatever the file is.
   */
  peekFile?(path: string, position: number, length: number): Promise<FilePeek | null>
  /** What it honours by itself. */
  readonly capabilities?: BackendCapabilities
  /** Whether it can work here. */
  status?(): Promise<PluginStatus>
}

/** What `decode` honours by itself; core passes on only what is claimed here and does the rest. */
export interface BackendCapabilities {
  /** `startFrame` and `endFrame`. Used when the backend has `open` or `info`, since frames need the native rate. */
  readonly range?: boolean
  /** `sampleRate`, with the meaning a range has in `BackendRequest`. Used when the backend has `open` or `info`. */
  readonly resample?: boolean
  /** `mono`: the mean of the channels, before resampling. */
  readonly mono?: boolean
  /**
   * `out`. Who claims it also heeds `signal`: its promises settle soon after an abort, and when they settle neither `out` nor the
   * input is touched any more. Core waits for that. From any other backend core walks away as soon as the signal fires.
   */
  readonly out?: boolean
  /** Kinds of source it takes. Default: both. */
  readonly inputs?: readonly ('path' | 'bytes')[]
}

/** Some bytes of a regular file. */
export interface FilePeek {
  /** Size of the whole file. */
  readonly size: number
  /** The bytes; fewer than were asked for only at the end of the file. */
  readonly bytes: Uint8Array
}

/** What the first bytes and the name say about a file. Content counts more than the name. */
export interface Probe {
  /** Container by content, e.g. 'wav', or null when nothing is recognised. */
  readonly container: string | null
  /** Codec, where the first bytes tell. */
  readonly codec: string | null
  /** Extension of the name in lower case, without the dot, or null. */
  readonly extension: string | null
  /** The first bytes. */
  readonly header: Uint8Array
}

/** Where the encoded bytes are: exactly one of `path` and `bytes` is set. */
export interface BackendSource {
  /** A file on disk. */
  readonly path: string | null
  /** The whole file; a private copy which nobody else can change, to be left as it is. */
  readonly bytes: Uint8Array | null
  /** How a person would name it. */
  readonly label: string
}

/**
 * What to decode. Core turns seconds into native frames once: startFrame = round(offset × native rate). With resampling by
 * r = out ÷ native, the result is the slice [ceil(startFrame × r), ceil(endFrame × r)) of the resampled whole.
 */
export interface BackendRequest {
  /** First frame, at the native rate. */
  readonly startFrame: number
  /** Frame after the last one, at the native rate, or null for the end. */
  readonly endFrame: number | null
  /** Output rate in Hz; absent: the native one. */
  readonly sampleRate?: number
  /** Whether to average the channels. */
  readonly mono: boolean
  /** Resampling quality. */
  readonly quality: 'best' | 'fast'
  /** Audio track; absent: the container's default. */
  readonly track?: number
  /** Conceal damage with silence and report it, or reject with ERR_CORRUPT. */
  readonly onDamage: 'conceal' | 'error'
  /** Most threads to use for this call. */
  readonly threads: number
  /** What must not be exceeded. */
  readonly limits: Limits
  /** For `info` and `open`: make `frames` exact, even if the whole file must be read for it. */
  readonly scan?: boolean
  /** Planar buffer on a SharedArrayBuffer to write into, passed only to backends that claim `out`. */
  readonly out?: Float32Array
  /** Fires when the caller has lost interest. */
  readonly signal?: AbortSignal
}

/** Decoded samples as a backend hands them over: planar, channels × frames long, no longer used by the backend. */
export interface BackendResult {
  /** Planar samples. */
  readonly data: Float32Array
  /** Number of channels in `data`. */
  readonly channels: number
  /** Rate of `data` in Hz. */
  readonly sampleRate: number
  /** What there is to tell; frames of `damaged` count in `data`. */
  readonly report?: Partial<DecodeReport>
}

/** A file held open by a backend. Calls may overlap. */
export interface BackendHandle {
  /** What the file is. */
  readonly info: AudioInfo
  /** Decodes a range. */
  decode(request: BackendRequest): Promise<BackendResult>
  /** The same in blocks of `blockFrames` frames at the output rate, the last one shorter. */
  blocks?(request: BackendRequest & { readonly blockFrames: number }): AsyncIterable<BackendResult>
  /** Lets the file go. */
  close(): Promise<void>
}
