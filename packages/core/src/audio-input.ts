/**
 * Where audio may come from. A string is a path unless it begins with http:, https:, file: or data:. Streams are spooled
 * under `limits.maxInputBytes`.
 */
export type AudioInput =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | Response
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
