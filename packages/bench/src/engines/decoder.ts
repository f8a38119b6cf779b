import type { TimedDecode } from './engine.js'

/** A decoder of whole files to float32 samples in memory. */
export interface Decoder extends AsyncDisposable {
  readonly name: string
  /** One decode, in milliseconds. */
  time(file: string): Promise<number>
  /** Decodes once and writes planar float32 samples into a file. */
  dump(file: string, target: string): Promise<TimedDecode>
}
