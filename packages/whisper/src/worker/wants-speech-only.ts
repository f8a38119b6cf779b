import type { ResolvedOptions } from '../transcribe/options.js'

/** Longer audio is searched for speech unless told otherwise, in seconds. */
const LONG_SECONDS = 60

/** Whether what is not speech is to be left out. Clips that were given are heard as they are. */
export function wantsSpeechOnly(options: ResolvedOptions, seconds: number): boolean {
  const { clipTimestamps = [], vad, batchSize, chunkLength = 30 } = options
  if (clipTimestamps.length > 0) return false
  if (vad !== 'auto') return vad
  // Chunks are best cut where nobody speaks.
  const isAsked = batchSize !== 'auto' && batchSize > 1
  return seconds > (isAsked ? chunkLength : LONG_SECONDS)
}
