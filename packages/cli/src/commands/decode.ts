import { availableParallelism } from 'node:os'

import type { LoadOptions } from '@audiodecode/core'
import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'

import { usageError } from '../cli-error.js'
import { contextFrom } from '../command-context.js'
import { decodeFile } from '../decode-file.js'
import type { DecodedFile } from '../decode-file.js'
import { ExitCode } from '../exit-code.js'
import { explain } from '../explain.js'
import { inputArgs, inputOptions } from '../input-options.js'
import { resolveInputs } from '../inputs.js'
import { loadBackendsOrWarn } from '../load-backends.js'
import { mapPool } from '../map-pool.js'
import { outputTargets } from '../output/output-targets.js'
import { parseCount, parseQuality, parseSeconds } from '../parse-values.js'
import { createProgress } from '../progress.js'
import { BrokenPipe } from '../streams.js'
import { style } from '../style.js'
import { channelsInWords, clock } from '../units.js'

const args = {
  file: {
    type: 'positional',
    required: false,
    description: 'Files or URLs to decode; - is standard input',
  },
  output: {
    type: 'string',
    alias: 'o',
    valueHint: 'out',
    description: 'File, folder (existing, or ending in /), or - for standard output',
  },
  format: {
    type: 'string',
    valueHint: 'wav|npy|f32',
    description: 'What to write; default: the ending of OUT, or wav',
  },
  bits: {
    type: 'string',
    valueHint: '16|24|32',
    description: 'Sample size of .wav; 32 is float (default 16, or more if the source has more)',
  },
  rate: { type: 'string', alias: 'r', valueHint: 'hz', description: 'Resample to this rate' },
  mono: { type: 'boolean', description: 'Average the channels' },
  offset: {
    type: 'string',
    valueHint: 'seconds',
    description: 'Start here: 90, 1:30; negative counts from the end',
  },
  duration: { type: 'string', valueHint: 'seconds', description: 'Decode this much' },
  quality: { type: 'string', valueHint: 'best|fast', description: 'Of resampling (default best)' },
  strict: {
    type: 'boolean',
    description: 'Damaged or truncated files fail; nothing is written for them',
  },
  force: { type: 'boolean', alias: 'f', description: 'Replace existing files' },
  quiet: { type: 'boolean', alias: 'q', description: 'Only warnings and errors' },
  jobs: {
    type: 'string',
    alias: 'j',
    valueHint: 'n',
    description: 'Files at once (default: the number of cores)',
  },
  threads: {
    type: 'string',
    valueHint: 'n',
    description: 'Threads for one file (default: as it pays)',
  },
  ...inputArgs,
} as const

/** `audiodecode decode FILE… -o OUT`: samples as .wav, .npy or raw floats. */
export const decodeCommand: CommandDef = defineCommand({
  meta: { name: 'decode', description: 'Decode audio files to .wav, .npy or raw floats (.f32)' },
  args,
  async run({ args, data }) {
    const { streams, files } = contextFrom(data)
    const { signal } = streams
    const bits = parseBits(args.bits)
    const open: Omit<LoadOptions, 'out' | 'offset' | 'duration'> = {
      ...inputOptions(args),
      ...(args.rate === undefined ? {} : { sampleRate: parseCount('--rate', args.rate) }),
      ...(args.mono === true ? { mono: true } : {}),
      ...(args.quality === undefined ? {} : { quality: parseQuality(args.quality) }),
      ...(args.threads === undefined ? {} : { threads: parseCount('--threads', args.threads) }),
      ...(signal === undefined ? {} : { signal }),
    }
    const offset = args.offset === undefined ? undefined : parseSeconds('--offset', args.offset)
    const duration =
      args.duration === undefined ? undefined : parseSeconds('--duration', args.duration)
    if (duration !== undefined && duration < 0) throw usageError('--duration must not be negative')
    const jobs = args.jobs === undefined ? availableParallelism() : parseCount('--jobs', args.jobs)

    const inputs = resolveInputs(files, streams)
    const targets = await outputTargets(inputs, args.output, args.format)
    if (bits !== undefined && targets.some(({ format }) => format !== 'wav')) {
      throw usageError('--bits is for .wav; .npy and .f32 hold 32-bit floats')
    }
    await loadBackendsOrWarn(streams)

    const progress = await createProgress(inputs.length, streams)
    const tell = (label: string, text: string): Promise<void> =>
      progress.line(`audiodecode: ${label}: ${text}`)
    try {
      const ok = await mapPool(inputs, jobs, async ({ input, label }, index): Promise<boolean> => {
        const target = targets[index]
        if (target === undefined) return false
        signal?.throwIfAborted()
        try {
          const done = await decodeFile({
            input,
            open,
            offset,
            duration,
            format: target.format,
            bits,
            strict: args.strict === true,
            output: {
              path: target.path,
              stdout: streams.stdout,
              force: args.force === true,
              inputs: files,
            },
            onProgress: (fraction) => progress.update(index, fraction),
          })
          progress.update(index, 1)
          for (const warning of done.warnings) await tell(label, style('yellow', warning))
          if (args.quiet !== true) await progress.line(summary(label, target.path, done))
          return true
        } catch (error) {
          if (signal?.aborted === true || error instanceof BrokenPipe) throw error
          progress.update(index, 1)
          await tell(label, style('red', explain(error, streams.env, label)))
          return false
        }
      })
      return ok.includes(false) ? ExitCode.failed : ExitCode.ok
    } finally {
      progress.stop()
    }
  },
}) as unknown as CommandDef

function summary(label: string, path: string | null, done: DecodedFile): string {
  const shape = `${clock(done.durationSeconds)}, ${done.sampleRate} Hz, ${channelsInWords(done.channels)}`
  return `${label} → ${path ?? 'stdout'}  ${style('gray', shape)}`
}

function parseBits(text: string | undefined): 16 | 24 | 32 | undefined {
  if (text === undefined) return undefined
  if (text === '16') return 16
  if (text === '24') return 24
  if (text === '32') return 32
  throw usageError(`--bits must be 16, 24 or 32, not "${text}"`)
}
