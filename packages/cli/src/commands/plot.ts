import { basename } from 'node:path'

import { AudioDecoder } from '@audiodecode/core'
import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'

import { usageError } from '../cli-error.js'
import { contextFrom } from '../command-context.js'
import { ExitCode } from '../exit-code.js'
import { inputArgs, inputOptions } from '../input-options.js'
import { resolveInputs } from '../inputs.js'
import { loadBackendsOrWarn } from '../load-backends.js'
import { loadFeatures } from '../load-features.js'
import { openOutputFile } from '../output/output-file.js'
import { parseCount, parseSeconds } from '../parse-values.js'
import { drawPng } from '../plot/draw-png.js'
import { drawSvg } from '../plot/draw-svg.js'
import { collectPlot } from '../plot/plot-data.js'
import { columnsFor, layOut, LEAST } from '../plot/scene.js'
import { writeLine } from '../streams.js'
import { style } from '../style.js'
import { clock } from '../units.js'

const args = {
  file: {
    type: 'positional',
    required: false,
    description: 'File or URL to draw; - is standard input',
  },
  output: {
    type: 'string',
    alias: 'o',
    valueHint: 'out',
    description: 'Picture to write: .svg or .png; - is standard output, with --format',
  },
  format: { type: 'string', valueHint: 'svg|png', description: 'Default: the ending of OUT' },
  width: { type: 'string', valueHint: 'pixels', description: 'Default 1200' },
  height: { type: 'string', valueHint: 'pixels', description: 'Default 600' },
  mel: { type: 'string', valueHint: 'n', description: 'Bands of the spectrogram (default 128)' },
  'f-max': {
    type: 'string',
    valueHint: 'hz',
    description: 'Highest frequency (default half the rate)',
  },
  offset: {
    type: 'string',
    valueHint: 'seconds',
    description: 'Start here: 90, 1:30; negative counts from the end',
  },
  duration: { type: 'string', valueHint: 'seconds', description: 'Draw this much' },
  force: { type: 'boolean', alias: 'f', description: 'Replace an existing file' },
  quiet: { type: 'boolean', alias: 'q', description: 'Only warnings and errors' },
  ...inputArgs,
} as const

/** `audiodecode plot FILE -o OUT.svg`: waveform and mel spectrogram, with axes. */
export const plotCommand: CommandDef = defineCommand({
  meta: { name: 'plot', description: 'Draw waveform and mel spectrogram as .svg or .png' },
  args,
  async run({ args, data }) {
    const { streams, files } = contextFrom(data)
    const { signal } = streams
    const opening = inputOptions(args)
    const [input, ...more] = resolveInputs(files, streams)
    if (input === undefined || more.length > 0) throw usageError('plot takes one FILE')
    const { output } = args
    if (output === undefined) throw usageError('-o OUT says where the picture goes')
    const format = parseFormat(args.format, output)
    const size = {
      width: parseSide('--width', args.width ?? '1200', LEAST.width),
      height: parseSide('--height', args.height ?? '600', LEAST.height),
    }
    const bands = parseSide('--mel', args.mel ?? '128', 1)
    const topHertz = args['f-max'] === undefined ? undefined : parseCount('--f-max', args['f-max'])
    const offset =
      args.offset === undefined ? {} : { offset: parseSeconds('--offset', args.offset) }
    const duration =
      args.duration === undefined ? {} : { duration: parseSeconds('--duration', args.duration) }
    if ((duration.duration ?? 1) <= 0) throw usageError('--duration must be above 0')
    const heard = signal === undefined ? {} : { signal }

    const features = await loadFeatures('plot')
    await loadBackendsOrWarn(streams)
    const path = output === '-' ? null : output
    const { stdout } = streams
    const target = await openOutputFile({ path, stdout, force: args.force === true, inputs: files })
    try {
      const decoder = await AudioDecoder.open(input.input, { ...opening, ...heard, mono: true })
      try {
        const plot = await collectPlot(decoder, features, {
          columns: columnsFor(size.width),
          bands,
          topHertz,
          range: { ...offset, ...duration, ...heard },
        })
        const scene = layOut(plot, size, basename(input.label))
        await target.handle.writeFile(format === 'svg' ? drawSvg(scene) : drawPng(scene))
        await target.commit()
        if (args.quiet !== true && path !== null) {
          const shape = `${clock(plot.durationSeconds)}, ${size.width} × ${size.height}`
          await writeLine(streams, 'stderr', `${input.label} → ${path}  ${style('gray', shape)}`)
        }
      } finally {
        await decoder.close()
      }
    } finally {
      await target.close()
    }
    return ExitCode.ok
  },
}) as unknown as CommandDef

function parseFormat(format: string | undefined, output: string): 'svg' | 'png' {
  const text = format ?? /\.([^./\\]+)$/.exec(output)?.[1]?.toLowerCase()
  if (text === 'svg' || text === 'png') return text
  throw usageError(`a picture is .svg or .png, not "${format ?? output}"; --format says which`)
}

/** As much as a picture viewer will open. */
const MOST = 16_384

function parseSide(option: string, text: string, least: number): number {
  const value = parseCount(option, text)
  if (value < least || value > MOST) {
    throw usageError(`${option} must be from ${least} to ${MOST}, not ${text}`)
  }
  return value
}
