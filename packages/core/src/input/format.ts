/** What the first bytes tell. */
export interface Format {
  /** Container, e.g. 'wav'; for streams of bare frames the name of the codec or its framing. */
  readonly container: string
  /** Codec, or null where the first bytes do not tell. */
  readonly codec: string | null
}
