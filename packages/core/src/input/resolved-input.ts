/** An input that can be decoded: a regular file, or bytes nobody else can touch. Exactly one of `path` and `bytes` is set. */
export interface ResolvedInput {
  /** Absolute path of a regular, readable file. */
  readonly path: string | null
  /** A private copy: the caller may change, transfer or detach the original at any time. */
  readonly bytes: Uint8Array | null
  /** The input as a person would name it: the path or URL as given, "1234 bytes", "a stream". */
  readonly label: string
  /** Size in bytes, above zero. */
  readonly size: number
  /** What `probe()` looks at: up to 16 KiB from where the audio begins, that is behind leading ID3v2 tags. */
  readonly header: Uint8Array
  /** Extension of the path, URL or file name: lower case, without the dot. */
  readonly extension: string | null
}
