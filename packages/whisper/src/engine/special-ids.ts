/** The tokens that steer the model, by their ids in its vocabulary. Text tokens are those below `endOfText`. */
export interface SpecialIds {
  /** Ends a transcript; the first id that is no text. */
  readonly endOfText: number
  readonly startOfTranscript: number
  readonly noSpeech: number
  readonly noTimestamps: number
  /** `<|0.00|>`; each id above it is 20 ms later. */
  readonly timestampBegin: number
  /** Number of ids. */
  readonly vocabulary: number
}
