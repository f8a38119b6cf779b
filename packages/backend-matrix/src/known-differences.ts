/** A trim that a backend is known to tell otherwise than the rest, and why. */
export interface KnownDifference {
  /** The backend that differs. */
  readonly backend: string
  /** Formats in which it does. */
  readonly formats: readonly string[]
  /** Why, for the page. */
  readonly reason: string
}

/** All of them. The tests fail when one no longer holds. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    backend: 'sndfile',
    formats: ['vorbis', 'opus'],
    reason: 'libsndfile cuts what lies beyond the end of an Ogg stream and does not tell how much',
  },
]

/** Whether a backend is known to tell another trim in this format. */
export function isKnownToDiffer(backend: string, format: string): boolean {
  return knownDifferences.some((one) => one.backend === backend && one.formats.includes(format))
}
