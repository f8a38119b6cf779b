/** What a file is, without decoding it. */
export interface AudioInfo {
  /** Container, e.g. 'wav', 'mp4', 'ogg'. */
  readonly container: string
  /** Codec, e.g. 'pcm', 'aac', 'opus'. */
  readonly codec: string
  /** The file's own rate, in Hz. */
  readonly sampleRate: number
  /** Number of channels in the file. */
  readonly channels: number
  /** Layout, e.g. 'stereo' or '5.1', or null when the file does not say. */
  readonly channelLayout: string | null
  /** Bits per sample of the source, or null where that means nothing (lossy codecs). */
  readonly bitDepth: number | null
  /** Bits per second, or null when it is not known. */
  readonly bitRate: number | null
  /** Frames after gapless trim, or null. `framesExact` is false when it is an estimate; `info(x, { scan: true })` makes it exact. */
  readonly frames: number | null
  /** Whether `frames` is certain. */
  readonly framesExact: boolean
  /** frames ÷ sampleRate, or null. */
  readonly durationSeconds: number | null
  /** Number of audio tracks. */
  readonly tracks: number
  /** Title, artist and so on, by lower-case name. */
  readonly tags: Readonly<Record<string, string>>
  /** Name of the backend that looked. */
  readonly backend: string
}
