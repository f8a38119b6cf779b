/** A stretch of a transcript, of either side. */
export interface TranscriptSegment {
  readonly start: number
  readonly end: number
  readonly seek: number
  readonly text: string
  readonly tokens: readonly number[]
  readonly temperature: number
  readonly avgLogprob: number
  readonly words?: readonly {
    readonly word: string
    readonly start: number
    readonly end: number
  }[]
}

/** What an engine heard. */
export interface Transcript {
  readonly language: string
  /** Seconds that voice detection left out. */
  readonly skippedSeconds: number
  readonly segments: readonly TranscriptSegment[]
}

/** All that is said. */
export function textOf({ segments }: Transcript): string {
  return segments.map(({ text }) => text).join('')
}

/** All tokens in their order. */
export function tokensOf({ segments }: Transcript): readonly number[] {
  return segments.flatMap(({ tokens }) => tokens)
}

/** Windows that had to be decoded again at a higher temperature. */
export function fallbacksOf({ segments }: Transcript): number {
  return new Set(segments.filter(({ temperature }) => temperature > 0).map(({ seek }) => seek)).size
}
