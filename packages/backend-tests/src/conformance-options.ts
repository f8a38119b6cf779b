import type { CheckName } from './check.js'
import type { ConformanceSample } from './conformance-sample.js'

/** Formats of which sample files come with the suite. */
export type SampleFormat =
  | 'wav'
  | 'aiff'
  | 'caf'
  | 'flac'
  | 'ogg-flac'
  | 'alac'
  | 'wavpack'
  | 'tta'
  | 'mp3'
  | 'mp2'
  | 'vorbis'
  | 'opus'
  | 'aac'
  | 'adts'
  | 'ac3'

/** Something that a backend does not do yet, with the reason, as the tables show it. */
export interface Exception {
  /** The check that it does not pass. */
  readonly check: CheckName
  /** Formats for which it does not; absent: all. */
  readonly formats?: readonly string[]
  /** Files for which it does not, by name; absent: all of the formats. */
  readonly files?: readonly string[]
  /** Why, in words for users. */
  readonly reason: string
}

/** What the suite is told about a backend. */
export interface ConformanceOptions {
  /** Formats it reads, of those that come with the suite. */
  readonly formats: readonly SampleFormat[]
  /** Further files, for formats of one's own. */
  readonly samples?: readonly ConformanceSample[]
  /**
   * What it does not do. The check is run all the same and must fail there, so that an exception that is no longer needed is
   * noticed.
   */
  readonly exceptions?: readonly Exception[]
}
