/** A stretch that could not be decoded and holds silence instead. */
export interface DamagedRange {
  /** First damaged frame, counted in the frames and rate of the result that carries the report. */
  readonly startFrame: number
  /** Frame after the last damaged one. */
  readonly endFrame: number
  /** Byte of the input where the damage was met, or null when it is not known. */
  readonly byteOffset: number | null
  /** What was wrong, in words. */
  readonly reason: string
}

/** What an encoder had added at both ends, and which part of the file said so. */
export interface GaplessTrim {
  /** Where the numbers come from; 'none' when the file says nothing and nothing was cut. */
  readonly source:
    | 'lame'
    | 'itunsmpb'
    | 'edit-list'
    | 'ogg'
    | 'opus'
    | 'matroska'
    | 'musepack'
    | 'none'
  /** Frames cut at the beginning, at the native rate. */
  readonly startFrames: number
  /** Frames cut at the end, at the native rate. */
  readonly endFrames: number
}

/** A backend that was asked and did not decode, with its reason. */
export interface DeclinedBackend {
  /** Name under which it is registered. */
  readonly backend: string
  /** Why it declined. */
  readonly reason: string
}

/** What happened on the way. `damaged` is empty for a clean file; its frames count in this result's own frames and rate. */
export interface DecodeReport {
  /** Frames the container promised at the native rate, or null when it says nothing. */
  readonly expectedFrames: number | null
  /** Frames that were decoded, at the native rate. */
  readonly decodedFrames: number
  /** Stretches concealed with silence. */
  readonly damaged: readonly DamagedRange[]
  /** Whether the file ended before the container said it would. */
  readonly truncated: boolean
  /** Encoder delay and padding that were cut. */
  readonly gapless: GaplessTrim
  /** Backends that declined, in order, with the reason. */
  readonly declined: readonly DeclinedBackend[]
}
