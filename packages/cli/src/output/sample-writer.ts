import type { OutputFile } from './output-file.js'
import { planarWriter } from './planar-writer.js'
import { wavWriter } from './wav-writer.js'

/** File formats that `decode` writes. */
export type OutputFormat = 'wav' | 'npy' | 'f32'

/** Samples on their way into a file, block by block. */
export interface SampleWriter {
  /** Appends one block: a view per channel, all of one length. */
  write(channelData: readonly Float32Array[]): Promise<void>
  /** Completes the file; nothing is valid before. */
  finish(): Promise<void>
  /** Samples cut to full scale so far. */
  readonly clipped: number
}

/** What the header needs to know before the first block. */
export interface SampleWriterOptions {
  readonly channels: number
  readonly sampleRate: number
  /** Sample size of a WAV file; 32 is IEEE float. */
  readonly bits: 16 | 24 | 32
  /** Frames to come, as far as is known: decides whether a WAV file leaves room for 64-bit sizes. */
  readonly expectedFrames: number | null
}

/** A writer of `format` into `file`. Memory: one block, whatever the length. */
export function sampleWriter(
  format: OutputFormat,
  file: OutputFile,
  options: SampleWriterOptions,
): SampleWriter {
  return format === 'wav'
    ? wavWriter(file.handle, options)
    : planarWriter(file, format, options.channels)
}
