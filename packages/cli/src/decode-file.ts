import { AudioDecoder } from '@audiodecode/core'
import type { AudioData, AudioInput, LoadOptions } from '@audiodecode/core'

import { CliError } from './cli-error.js'
import { createFindings } from './findings.js'
import { openOutputFile } from './output/output-file.js'
import type { OutputFileOptions } from './output/output-file.js'
import { sampleWriter } from './output/sample-writer.js'
import type { OutputFormat, SampleWriter } from './output/sample-writer.js'

/** One input, one output. */
export interface DecodeJob {
  readonly input: AudioInput
  /** How it is opened and converted. */
  readonly open: Omit<LoadOptions, 'out' | 'offset' | 'duration'>
  readonly offset?: number | undefined
  readonly duration?: number | undefined
  readonly output: OutputFileOptions
  readonly format: OutputFormat
  /** Sample size of WAV files; undefined: enough for the source. */
  readonly bits: 16 | 24 | 32 | undefined
  /** Reject, and write nothing, when the file is damaged or truncated. */
  readonly strict: boolean
  /** Told how much is done, from 0 to 1, where the length is known. */
  readonly onProgress: (fraction: number) => void
}

/** What was written. */
export interface DecodedFile {
  readonly channels: number
  readonly sampleRate: number
  readonly durationSeconds: number
  /** Things to warn about, a line each. */
  readonly warnings: readonly string[]
}

/**
 * Decodes block by block into a file that appears only when it is complete. Memory: a few blocks, where the backend gives
 * blocks.
 */
export async function decodeFile(job: DecodeJob): Promise<DecodedFile> {
  const output = await openOutputFile(job.output)
  try {
    const decoder = await AudioDecoder.open(job.input, job.open)
    try {
      const { info } = decoder
      const { offset = 0, duration } = job
      const sampleRate = job.open.sampleRate ?? info.sampleRate
      const channels = job.open.mono === true ? 1 : info.channels
      const totalSeconds = lengthOfRange(info.durationSeconds, offset, duration)
      const writer = sampleWriter(job.format, output, {
        channels,
        sampleRate,
        bits: job.bits ?? bitsFor(info.bitDepth),
        expectedFrames: totalSeconds === null ? null : Math.ceil(totalSeconds * sampleRate),
      })
      const findings = createFindings(info.sampleRate)
      const range = {
        ...(job.offset === undefined ? {} : { offset: job.offset }),
        ...(duration === undefined ? {} : { duration }),
        ...(job.open.signal === undefined ? {} : { signal: job.open.signal }),
      }
      let frames = 0
      for await (const block of decoder.stream(range)) {
        checkShape(block, channels, sampleRate)
        await writer.write(block.channelData)
        findings.add(block)
        frames += block.frames
        if (totalSeconds !== null && totalSeconds > 0) {
          job.onProgress(Math.min(1, frames / sampleRate / totalSeconds))
        }
      }
      job.open.signal?.throwIfAborted()
      if (job.strict && findings.hasAny()) {
        throw new CliError(`${findings.lines().join('; ')}; nothing was written (--strict)`)
      }
      await writer.finish()
      await output.commit()
      const warnings = [...findings.lines(), ...clipWarning(writer), ...emptyWarning(frames)]
      return { channels, sampleRate, durationSeconds: frames / sampleRate, warnings }
    } finally {
      await decoder.close()
    }
  } finally {
    await output.close()
  }
}

/** Seconds that a range of a file of `total` seconds holds, or null when `total` is needed and unknown. */
function lengthOfRange(total: number | null, offset: number, duration = Infinity): number | null {
  if (total === null) return Number.isFinite(duration) && offset >= 0 ? duration : null
  const start = offset < 0 ? Math.max(0, total + offset) : Math.min(offset, total)
  return Math.min(duration, total - start)
}

/** 16 bit, unless the source has more to lose; lossy codecs have no bit depth. */
function bitsFor(bitDepth: number | null): 16 | 24 | 32 {
  if (bitDepth === null || bitDepth <= 16) return 16
  return bitDepth <= 24 ? 24 : 32
}

/** A backend that changes its mind half-way would make a file that plays wrongly. */
function checkShape(block: AudioData, channels: number, sampleRate: number): void {
  if (block.channels !== channels || block.sampleRate !== sampleRate) {
    throw new CliError(
      `changes from ${channels} channels at ${sampleRate} Hz to ${block.channels} at ${block.sampleRate} Hz half-way`,
    )
  }
}

function clipWarning({ clipped }: SampleWriter): string[] {
  if (clipped === 0) return []
  return [`${clipped} samples beyond full scale were cut off; --bits 32 or .npy keeps them`]
}

function emptyWarning(frames: number): string[] {
  return frames === 0 ? ['no samples in this range: the output is empty'] : []
}
